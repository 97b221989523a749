package lib.gateway.proxy;

import io.helidon.http.HeaderNames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import lib.gateway.exchange.DecodedBody;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.KnownCalls.Where;
import lib.gateway.exchange.RequestBody;
import lib.gateway.formats.FormModels;
import lib.gateway.formats.RequestedModels;

/// Checks a request against its provider's list of models. Only known calls are allowed, because the model of any
/// other call cannot be determined. With a provider's `allowUnknownPaths` unknown calls are allowed too, if the
/// models that they name are allowed.
///
/// Every part of a request is checked before it is forwarded. Large JSON is forwarded while it arrives; its last
/// part only after all of it was checked.
///
///     Allowlist.check(exchange);
record Allowlist(Exchange exchange, KnownCalls.Call call) {
    /// The bytes of a byte order mark in UTF-8 and UTF-16, and the start of a list.
    private static final String BEFORE_OBJECT = "\u00ef\u00bb\u00bf\u00fe\u00ff[";
    private static final Pattern JSON =
            Pattern.compile("(?i)(application/(?:[\\w.+-]+\\+)?json|text/json|text/plain)(\\s*;\\s*charset=\"?(utf-8|"
                    + "us-ascii)\"?)?\\s*");

    private static final int LARGEST_PIECE = 8 * 1024;

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
        call.model().ifPresent(this::allow);
        exchange.target().parameters(RequestedModels::isModel).forEach(this::allow);
        if (!readBody()) requireNamed(false);
    }

    private void allow(String model) {
        var provider = exchange.provider();
        if (!provider.allows(model) && !provider.allows(exchange.wire().modelName(model)))
            throw GatewayError.modelNotAllowed(provider.name(), model, provider.models());
    }

    /// @param inBody whether the body names a model at the place at which this call does
    private void requireNamed(boolean inBody) {
        var provider = exchange.provider();
        if (!inBody && call.model().isEmpty() && needsModel())
            throw GatewayError.noModel(provider.name(), provider.models());
    }

    private boolean needsModel() {
        return switch (call.where()) {
            case BODY, REQUESTS, FORM, PATH, HIDDEN -> true;
            case FILE, NOWHERE, UNKNOWN -> false;
        };
    }

    /// Checks the models of the body, and returns whether that includes whether one is named.
    private boolean readBody() throws IOException {
        var headers = exchange.request().headers();
        var types = headers.all(HeaderNames.CONTENT_TYPE, List::of);
        var codings = headers.all(HeaderNames.CONTENT_ENCODING, List::of);
        var type = types.isEmpty() ? "application/json" : types.getFirst().strip();
        boolean isJson = isJson(type);
        if (types.size() < 2 && isJson && codings.isEmpty() && exchange.body().canBeCheckedInPassing()) {
            exchange.body().check(new PassingJson());
            return true;
        }
        if (exchange.body().size() == 0) return false;
        if (types.size() > 1) throw unreadable("more than one Content-Type");
        if (isJson) {
            readJson(codings);
            return true;
        }
        var body = exchange.body().bytes();
        if (type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") && takesForms() && codings.isEmpty()) {
            var models = FormModels.in(body, type);
            models.forEach(this::allow);
            requireNamed(!models.isEmpty());
            return true;
        }
        if (call.where() != Where.UNKNOWN || type.toLowerCase(Locale.ROOT).contains("form") || !codings.isEmpty()) {
            throw unreadable("this Content-Type: send application/json");
        }
        readWhatMayBeJson(body);
        return false;
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || JSON.matcher(type).matches();
    }

    private boolean takesForms() {
        return switch (call.where()) {
            case FORM, FILE, UNKNOWN -> true;
            default -> false;
        };
    }

    private void readJson(List<String> codings) throws IOException {
        var json = new PassingJson();
        try (var decoded = codings.isEmpty()
                ? exchange.body().content()
                : DecodedBody.of(exchange.body().bytes(), codings)) {
            var buffer = new byte[Math.clamp(exchange.body().size(), 1, LARGEST_PIECE)];
            for (int count; (count = decoded.read(buffer)) >= 0; ) json.accept(buffer, 0, count);
            json.end();
        } catch (IOException untrue) {
            throw GatewayError.invalid("the request body does not match its Content-Encoding");
        }
    }

    /// Checks JSON piece by piece. A model that is not allowed is refused as soon as its name is complete, and a
    /// missing one as soon as the object ends: some servers answer before they have read what follows it.
    private final class PassingJson implements RequestBody.Check {
        private final RequestedModels models = new RequestedModels(Allowlist.this::allow);
        private boolean over;

        @Override
        public void accept(byte[] bytes, int from, int count) {
            models.accept(bytes, from, count);
            exchange.metered().ifPresent(meter -> meter.asked(models.model()));
            if (!over && models.isOver()) {
                over = true;
                requireNamed(call.where() == Where.REQUESTS ? !models.all().isEmpty() : models.atTop());
            }
        }

        @Override
        public void end() {
            models.end();
        }
    }

    /// Reads a body that some server may interpret as JSON, such as a file or a sound.
    private void readWhatMayBeJson(byte[] body) throws IOException {
        int at = 0;
        while (at < body.length && (body[at] <= ' ' && body[at] >= 0 || BEFORE_OBJECT.indexOf(body[at] & 0xff) >= 0))
            at++;
        if (at < body.length && body[at] == '{')
            RequestedModels.in(new ByteArrayInputStream(body)).all().forEach(this::allow);
    }

    private GatewayError unreadable(String what) {
        return GatewayError.unreadable(
                ("provider \"%s\" allows only some models, and they cannot be read from a " + "request with %s")
                        .formatted(exchange.provider().name(), what));
    }
}
