package lib.gateway.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
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
    private static final JsonFactory JSON = new JsonFactory();
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
    private static final int BYTE_ORDER_MARK = 0xfeff;
    private static final Pattern NOT_PLAIN = Pattern.compile("[^a-z0-9]");

    private final Set<String> all = new LinkedHashSet<>();
    private boolean atTop;

    private RequestedModels() {}

    /// Returns the models of a body, in order.
    ///
    /// @throws GatewayError if it is not one JSON object in UTF-8, or a model is not a string
    public static RequestedModels in(InputStream body) {
        var models = new RequestedModels();
        try (var parser = JSON.createParser(text(body))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw malformed();
            models.readObject(parser, true);
            if (parser.nextToken() != null) throw malformed();
        } catch (IOException e) {
            throw malformed();
        }
        return models;
    }

    /// Decodes UTF-8 strictly: servers differ in how they read invalid bytes.
    private static Reader text(InputStream body) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var text = new PushbackReader(new InputStreamReader(body, decoder));
        int first = text.read();
        if (first < 0 || first == BYTE_ORDER_MARK) throw malformed();
        text.unread(first);
        return text;
    }

    /// Returns all models.
    public Set<String> all() {
        return all;
    }

    /// Returns whether the top-level object names a model with the key that the APIs read.
    public boolean atTop() {
        return atTop;
    }

    private void readObject(JsonParser parser, boolean top) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var plain = plain(name);
            var value = parser.nextToken();
            var bare = bare(plain);
            if (MODEL.contains(bare)) {
                readModel(parser, value, top);
                atTop |= top && name.equals("model");
            } else if (MODELS.contains(bare)) {
                readModels(parser, value);
            } else if (value == JsonToken.VALUE_STRING
                    && (ALIASES.contains(bare) || top && ALIASES_AT_TOP.contains(bare))) {
                all.add(parser.getText());
            } else if (CALLERS.contains(plain) || !top && SCHEMAS.contains(plain)) {
                parser.skipChildren();
            } else {
                readValue(parser, value);
            }
        }
    }

    private void readModel(JsonParser parser, JsonToken value, boolean top) throws IOException {
        if (value == JsonToken.VALUE_STRING) all.add(parser.getText());
        // Clients write unset values as null.
        else if (top || value != JsonToken.VALUE_NULL) throw GatewayError.invalid("model: must be a string");
    }

    /// Reads a list of names, or of objects that have one.
    private void readModels(JsonParser parser, JsonToken value) throws IOException {
        switch (value) {
            case VALUE_STRING -> all.add(parser.getText());
            case START_ARRAY -> {
                for (var item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken())
                    readModels(parser, item);
            }
            case START_OBJECT -> {
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var isModel = MODEL.contains(bare(plain(parser.currentName())));
                    var field = parser.nextToken();
                    if (isModel) readModel(parser, field, false);
                    else if (field == JsonToken.START_ARRAY) readModels(parser, field);
                    else readValue(parser, field);
                }
            }
            default -> {}
        }
    }

    private void readValue(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.START_OBJECT) {
            readObject(parser, false);
        } else if (value == JsonToken.START_ARRAY) {
            for (var item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken())
                readValue(parser, item);
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
