package lib.gateway.proxy;

import io.helidon.http.HeaderNames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import lib.gateway.exchange.DecodedBody;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.KnownCalls.Where;
import lib.gateway.formats.FormModels;
import lib.gateway.formats.RequestedModels;

/// Checks a request against its provider's list of models. Only known calls are allowed, because the model of any
/// other call cannot be determined. With a provider's `allowUnknownPaths` unknown calls are allowed too, if the
/// models that they name are allowed.
///
/// The whole request is checked before any of it is forwarded.
///
///     Allowlist.check(exchange);
record Allowlist(Exchange exchange, KnownCalls.Call call) {
    /// The bytes of a byte order mark in UTF-8 and UTF-16, and the start of a list.
    private static final String BEFORE_OBJECT = "\u00ef\u00bb\u00bf\u00fe\u00ff[";
    private static final Pattern JSON =
            Pattern.compile("(?i)(application/(?:[\\w.+-]+\\+)?json|text/json|text/plain)(\\s*;\\s*charset=\"?(utf-8|"
                    + "us-ascii)\"?)?\\s*");

    /// @throws GatewayError if a model is not allowed, or if the models of the request cannot be determined
    static void check(Exchange exchange) throws IOException {
        var call = exchange.wire().call(exchange);
        if (call.where() == Where.UNKNOWN && !exchange.provider().allowUnknownPaths()) {
            throw GatewayError.unknownCall(exchange.provider().name(), exchange.method());
        }
        new Allowlist(exchange, call).check();
    }

    private void check() throws IOException {
        var provider = exchange.provider();
        if (call.where() == Where.HIDDEN) throw GatewayError.noModel(provider.name(), provider.models());
        var asked = new LinkedHashSet<>(call.model().stream().toList());
        asked.addAll(exchange.target().parameters(RequestedModels::isModel));
        var named = readBody(asked) || call.model().isPresent();
        for (var model : asked) {
            if (!provider.allows(model) && !provider.allows(exchange.wire().modelName(model))) {
                throw GatewayError.modelNotAllowed(provider.name(), model, provider.models());
            }
        }
        if (!named && needsModel()) throw GatewayError.noModel(provider.name(), provider.models());
    }

    private boolean needsModel() {
        return switch (call.where()) {
            case BODY, REQUESTS, FORM, PATH, HIDDEN -> true;
            case FILE, NOWHERE, UNKNOWN -> false;
        };
    }

    /// Adds the models of the body, and returns whether one is at the place at which this call names its model.
    private boolean readBody(Set<String> asked) throws IOException {
        if (exchange.body().size() == 0) return false;
        var headers = exchange.request().headers();
        var types = headers.all(HeaderNames.CONTENT_TYPE, List::of);
        if (types.size() > 1) throw unreadable("more than one Content-Type");
        var type = types.isEmpty() ? "application/json" : types.getFirst().strip();
        var codings = headers.all(HeaderNames.CONTENT_ENCODING, List::of);
        if (JSON.matcher(type).matches()) return readJson(codings, asked);
        var body = exchange.body().bytes();
        if (type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") && takesForms() && codings.isEmpty()) {
            var models = FormModels.in(body, type);
            asked.addAll(models);
            return !models.isEmpty();
        }
        if (call.where() != Where.UNKNOWN || type.toLowerCase(Locale.ROOT).contains("form") || !codings.isEmpty()) {
            throw unreadable("this Content-Type: send application/json");
        }
        readWhatMayBeJson(body, asked);
        return false;
    }

    private boolean takesForms() {
        return switch (call.where()) {
            case FORM, FILE, UNKNOWN -> true;
            default -> false;
        };
    }

    private boolean readJson(List<String> codings, Set<String> asked) throws IOException {
        try (var decoded = codings.isEmpty()
                ? exchange.body().content()
                : DecodedBody.of(exchange.body().bytes(), codings)) {
            var models = RequestedModels.in(decoded);
            asked.addAll(models.all());
            return call.where() == Where.REQUESTS ? !models.all().isEmpty() : models.atTop();
        } catch (IOException untrue) {
            throw GatewayError.invalid("the request body does not match its Content-Encoding");
        }
    }

    /// Reads a body that some server may interpret as JSON, such as a file or a sound.
    private static void readWhatMayBeJson(byte[] body, Set<String> asked) {
        int at = 0;
        while (at < body.length && (body[at] <= ' ' && body[at] >= 0 || BEFORE_OBJECT.indexOf(body[at] & 0xff) >= 0))
            at++;
        if (at < body.length && body[at] == '{')
            asked.addAll(RequestedModels.in(new ByteArrayInputStream(body)).all());
    }

    private GatewayError unreadable(String what) {
        return GatewayError.unreadable(
                ("provider \"%s\" allows only some models, and they cannot be read from a " + "request with %s")
                        .formatted(exchange.provider().name(), what));
    }
}
