package lib.gateway.formats;

import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import lib.gateway.exchange.GatewayError;

/// The models that a JSON body asks for. The body, up to 32 MB, is read without building a tree, since the models
/// are only a few bytes of it.
///
/// Every model counts that the most lenient server would read: each of several; in any case (servers in Go read
/// `Model` as `model`); at any depth, since APIs have models in tools, in fallbacks and in the requests of a
/// batch. A check of one model would be useless if the upstream used another. The caller's own data (messages,
/// schemas, the arguments of tools) names no model that would answer, whatever keys it has.
///
/// JSON must follow RFC 8259, in UTF-8. Extensions that only some servers accept, such as comments, are
/// malformed.
public final class RequestedModels {
    /// The keys of a model, compared without case, underscores and dashes.
    private static final Set<String> MODEL = Set.of("model", "modelid", "modelname", "fallbackmodel");
    /// Other keys that servers use for a model. They name one only if the value is text; other values mean
    /// something else.
    private static final Set<String> ALIASES = Set.of(
            "modelarn",
            "modeluri",
            "modelurl",
            "modelpath",
            "modelgroup",
            "modelslug",
            "basemodel",
            "targetmodel",
            "foundationmodel",
            "foundationmodelid",
            "deploymentid",
            "deploymentname",
            "azuredeployment",
            "engineid",
            "enginename",
            "inferenceprofile",
            "inferenceprofileid",
            "inferenceprofilearn",
            "inferenceprofileidentifier");
    /// Keys that name a model only in the top-level object; a tool's engine, for example, is a search engine.
    private static final Set<String> ALIASES_AT_TOP = Set.of("engine", "deployment");
    private static final Set<String> MODELS = Set.of("models", "fallback", "fallbacks", "fallbackmodels");
    private static final Set<String> CALLERS = Set.of(
            "messages",
            "input",
            "contents",
            "content",
            "system",
            "instructions",
            "systeminstruction",
            "metadata",
            "clientmetadata",
            "requestmetadata",
            "labels",
            "variables",
            "documents");
    /// Keys that mean something else in the top-level object.
    private static final Set<String> SCHEMAS = Set.of(
            "inputschema",
            "parameters",
            "parametersjsonschema",
            "responseschema",
            "responsejsonschema",
            "schema",
            "jsonschema",
            "inputexamples",
            "args",
            "arguments");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^a-z0-9]");

    /// The object or array in which the check is.
    private enum Place {
        TOP,
        OBJECT,
        ITEMS,
        MODEL_LIST,
        MODEL_OBJECT
    }

    /// The meaning of the next value.
    private enum Role {
        VALUE,
        MODEL,
        MODELS,
        FIELD_OF_MODEL_OBJECT,
        ALIAS,
        CALLERS
    }

    private final Consumer<String> found;
    private final StrictJson json = new StrictJson(new Values());
    private final ArrayDeque<Place> places = new ArrayDeque<>();
    private final Set<String> all = new LinkedHashSet<>();
    private String name = "";
    private Role next = Role.VALUE;
    private boolean atTop;
    private String model = "";

    /// Creates a check of a body that arrives in pieces.
    ///
    /// @param found receives each model as soon as it is known; may throw
    public RequestedModels(Consumer<String> found) {
        this.found = found;
    }

    /// Returns the models of a whole body, in order.
    ///
    /// @throws GatewayError if it is not one JSON object in UTF-8, or a model is not a string
    public static RequestedModels in(InputStream body) throws IOException {
        var models = new RequestedModels(_ -> {});
        var buffer = new byte[8 * 1024];
        for (int count; (count = body.read(buffer)) >= 0; ) models.accept(buffer, 0, count);
        models.end();
        return models;
    }

    /// Takes a piece of the body.
    ///
    /// @throws GatewayError if it is not part of one JSON object in UTF-8, or a model is not a string
    public void accept(byte[] bytes, int from, int count) {
        try {
            json.accept(bytes, from, count);
        } catch (StrictJson.Malformed e) {
            throw malformed();
        }
    }

    /// Says that the body has ended.
    ///
    /// @throws GatewayError if the object has not
    public void end() {
        if (!json.isOver()) throw malformed();
    }

    /// Returns whether the object has ended. Only white space may follow.
    public boolean isOver() {
        return json.isOver();
    }

    /// Returns all models.
    public Set<String> all() {
        return all;
    }

    /// Returns whether the top-level object names a model with the key that the APIs read.
    public boolean atTop() {
        return atTop;
    }

    /// Returns the model that the top-level object names with that key, the last of several; empty if there is
    /// none.
    public String model() {
        return model;
    }

    private final class Values implements StrictJson.Listener {
        @Override
        public boolean begins(StrictJson.Kind kind) {
            return switch (role()) {
                case MODEL -> isText(kind);
                case MODELS ->
                    switch (kind) {
                        case TEXT -> true;
                        case ARRAY -> enter(Place.MODEL_LIST);
                        case OBJECT -> enter(Place.MODEL_OBJECT);
                        default -> false;
                    };
                case FIELD_OF_MODEL_OBJECT -> kind == StrictJson.Kind.ARRAY ? enter(Place.MODEL_LIST) : value(kind);
                case ALIAS -> kind == StrictJson.Kind.TEXT || value(kind);
                case CALLERS -> false;
                case VALUE -> value(kind);
            };
        }

        private Role role() {
            if (places.isEmpty()) return Role.VALUE;
            return switch (places.getLast()) {
                case ITEMS -> Role.VALUE;
                case MODEL_LIST -> Role.MODELS;
                case TOP, OBJECT, MODEL_OBJECT -> next;
            };
        }

        /// Clients write unset values as null.
        private boolean isText(StrictJson.Kind kind) {
            var top = places.getLast() == Place.TOP;
            if (kind != StrictJson.Kind.TEXT && (top || kind != StrictJson.Kind.NULL))
                throw GatewayError.invalid("model: must be a string");
            return kind == StrictJson.Kind.TEXT;
        }

        private boolean value(StrictJson.Kind kind) {
            return switch (kind) {
                case OBJECT -> enter(places.isEmpty() ? Place.TOP : Place.OBJECT);
                case ARRAY -> enter(Place.ITEMS);
                default -> false;
            };
        }

        private boolean enter(Place place) {
            places.addLast(place);
            return true;
        }

        @Override
        public void name(String name) {
            RequestedModels.this.name = name;
            next = places.getLast() == Place.MODEL_OBJECT ? inModelObject(name) : inObject(name);
        }

        private Role inModelObject(String name) {
            return MODEL.contains(bare(plain(name))) ? Role.MODEL : Role.FIELD_OF_MODEL_OBJECT;
        }

        private Role inObject(String name) {
            var top = places.getLast() == Place.TOP;
            var plain = plain(name);
            var bare = bare(plain);
            if (MODEL.contains(bare)) return Role.MODEL;
            if (MODELS.contains(bare)) return Role.MODELS;
            if (ALIASES.contains(bare) || top && ALIASES_AT_TOP.contains(bare)) return Role.ALIAS;
            return CALLERS.contains(plain) || !top && SCHEMAS.contains(plain) ? Role.CALLERS : Role.VALUE;
        }

        @Override
        public void text(String text) {
            all.add(text);
            if (places.getLast() == Place.TOP && name.equals("model")) {
                atTop = true;
                model = text;
            }
            found.accept(text);
        }

        @Override
        public void ends() {
            places.removeLast();
        }
    }

    /// Returns a key for comparison. Some alphabets have letters that equal `m` in only one case, so that both
    /// cases are converted.
    static String plain(String key) {
        return key.toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replace("_", "")
                .replace("-", "");
    }

    /// Returns a key with only its letters and digits, in plain letters: servers end a key at a NUL, strip it, or
    /// read `model[]` as `model`.
    private static String bare(String plain) {
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return NOT_PLAIN
                        .matcher(plain(Normalizer.normalize(plain, Normalizer.Form.NFKC)))
                        .replaceAll("");
            }
        }
        return plain;
    }

    /// Returns whether a field of a form or of a query, such as `model[]`, names a model.
    public static boolean isModel(String field) {
        var bare = bare(plain(field));
        return MODEL.contains(bare) || MODELS.contains(bare) || ALIASES.contains(bare) || ALIASES_AT_TOP.contains(bare);
    }

    private static GatewayError malformed() {
        return GatewayError.invalid("the request body is not a JSON object");
    }
}
