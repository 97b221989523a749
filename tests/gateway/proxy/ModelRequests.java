package tests.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tests.gateway.TestGateway;

/// Requests that ask for an allowed model, for another, or for both in a way that servers read differently: other
/// paths, methods, types, encodings, spellings of keys, nesting, duplicates. The same seed gives the same
/// requests.
///
///     var request = new ModelRequests(new Random(7)).next();
final class ModelRequests {
    static final String ALLOWED = "m-allowed";
    static final String OTHER = "m-other";

    private static final List<String> PATHS = List.of(
            "anthropic/v1/messages",
            "anthropic/v1/messages/count_tokens",
            "anthropic/v1/messages/batches",
            "anthropic/v1/complete",
            "anthropic/v1/models",
            "anthropic/v1/files",
            "openai/v1/responses",
            "openai/chat/completions",
            "openai/v1/embeddings",
            "openai/v1/images/edits",
            "openai/v1/audio/transcriptions",
            "openai/v1/files",
            "openai/v1/batches",
            "openai/api/generate",
            "google/v1beta/models/MODEL:generateContent",
            "google/v1/models/MODEL:streamGenerateContent?alt=sse",
            "google/v1beta/models/MODEL:batchEmbedContents",
            "google/v1beta/openai/chat/completions",
            "google/v1beta/tunedModels/MODEL:generateContent",
            "google/v1beta/publishers/google/models/MODEL:predict",
            "google/upload/v1beta/models/MODEL:generateContent",
            "google/v1beta/cachedContents",
            "bedrock/model/MODEL/invoke",
            "bedrock/model/MODEL/converse");
    private static final List<String> METHODS = List.of("GET", "PUT", "PATCH", "DELETE", "HEAD", "TRACE", "OPTIONS");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json; charset=utf-8",
            "application/json; charset=utf-16",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=\"x\"",
            "application/octet-stream",
            "application/x-protobuf",
            "",
            "application/json, text/plain");
    private static final List<String> KEYS = List.of(
            "Model",
            "MODEL",
            "mod\\u0065l",
            "\\u006dodel",
            "model ",
            "models",
            "model_id",
            "fallbacks",
            "mo\\u0064el",
            "mOdEl",
            "fallback_model");
    private static final List<String> NESTS = List.of(
            "tools:[{@}]",
            "fallbacks:[{@}]",
            "Tools:[{@}]",
            "requests:[{@}]",
            "requests:[{'params':{@}}]",
            "requests:[{'params':{'tools':[{@}]}}]",
            "requests:[{'request':{@}}]",
            "batch:{@}",
            "session:{@}",
            "generateContentRequest:{@}",
            "audio:{'transcription':{@}}",
            "extra_body:{'google':{@}}",
            "messages:[{'role':'user','content':[{'input':{@}}]}]",
            "metadata:{@}",
            "tools:[{'input_schema':{'properties':{@}}}]",
            "tools:[[{@}]]");
    private static final List<String> CODINGS =
            List.of("gzip", "deflate", "x-gzip", "br", "zstd", "identity", "gzip, gzip");
    private static final List<String> FORMATS = List.of("gzip", "zlib", "raw", "twice", "cut", "plain");
    private static final List<String> CHARSETS = List.of("UTF-16", "UTF-16LE", "UTF-32", "UTF-32LE", "UTF-8");

    private final Random random;

    ModelRequests(Random random) {
        this.random = random;
    }

    /// One request of HTTP/1.1, the last of its connection.
    byte[] next() throws Exception {
        var path = one(PATHS).replace("MODEL", model());
        if (chance(4)) path = mutated(path);
        if (chance(20))
            path += (path.contains("?") ? "&" : "?") + one(List.of("model=", "MODEL=", "%6dodel=")) + model();
        var isForm = path.contains("edits") || path.contains("transcriptions") || path.endsWith("files") || chance(20);
        var type =
                isForm && !chance(6) ? "multipart/form-data; boundary=x" : chance(4) ? one(TYPES) : "application/json";
        var body = (isForm ? form() : json()).getBytes(StandardCharsets.UTF_8);
        if (chance(15)) body = new String(body, StandardCharsets.UTF_8).getBytes(Charset.forName(one(CHARSETS)));
        var coding = "";
        if (chance(5)) {
            coding = one(CODINGS);
            var format = chance(3)
                    ? one(FORMATS)
                    : coding.equals("deflate") ? "zlib" : coding.contains("gzip") ? "gzip" : "plain";
            body = AllowlistTest.packed(format, new String(body, StandardCharsets.UTF_8));
        }
        var method = path.endsWith("models") || chance(12) ? one(METHODS) : "POST";
        var head = new StringBuilder(method + " /llm/v1/providers/" + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nx-api-key: " + TestGateway.TOKEN + "\r\n");
        if (!type.isEmpty()) head.append("Content-Type: ").append(type).append("\r\n");
        if (chance(30)) head.append("Content-Type: ").append(one(TYPES)).append("\r\n");
        if (!coding.isEmpty()) head.append("Content-Encoding: ").append(coding).append("\r\n");
        if (chance(20))
            head.append(one(List.of(
                            "X-HTTP-Method-Override: POST", "X_HTTP_Method_Override: POST", "x-http-method: POST")))
                    .append("\r\n");
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private String json() {
        var fields = new ArrayList<String>();
        if (!chance(8)) fields.add("'model':'" + model() + "'");
        if (chance(8)) fields.add(random.nextInt(fields.size() + 1), "'model':'" + model() + "'");
        if (chance(5)) fields.add(random.nextInt(fields.size() + 1), "'" + one(KEYS) + "':'" + model() + "'");
        if (chance(3)) fields.add(random.nextInt(fields.size() + 1), nested());
        if (chance(30)) fields.add("'models':['" + model() + "']");
        if (chance(30)) fields.add("'fallbacks':['" + model() + "']");
        if (chance(40))
            fields.add("'model':" + one(List.of("1", "null", "['" + model() + "']", "{'name':'" + model() + "'}")));
        if (chance(3)) fields.add("'max_tokens':1");
        // Such a request is forwarded while it is checked.
        if (chance(10)) fields.add(random.nextInt(fields.size() + 1), "'messages':['" + "x".repeat(70_000) + "']");
        var json = "{" + String.join(",", fields) + "}";
        if (!chance(25)) json = json.replace('\'', '"');
        return switch (random.nextInt(40)) {
            case 0 -> "\ufeff" + json;
            case 1 -> "/* " + json + " */" + json;
            case 2 -> json + json;
            case 3 -> "[" + json + "]";
            case 4 -> json.replace(",", ", /* x */ ");
            case 5 -> json.replace("}", ",}");
            case 6 -> "";
            case 7 -> "// x\n" + json;
            case 8 -> json.replace("\"model\"", "model");
            case 9 -> " \t\n" + json + "\n";
            default -> json;
        };
    }

    private String nested() {
        var nest = one(NESTS);
        var key = chance(3) ? one(KEYS) : "model";
        int colon = nest.indexOf(':');
        return "'" + nest.substring(0, colon) + "'"
                + nest.substring(colon).replace("@", "'" + key + "':'" + model() + "'");
    }

    private String form() {
        var form = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            var name = one(List.of(
                    "model",
                    "\"model\"",
                    "\"model\"",
                    "\"Model\"",
                    "\"model[]\"",
                    "\"file\"; filename=\"a\"",
                    "\"mod%65l\"",
                    "\"purpose\""));
            form.append("--x\r\nContent-Disposition: form-data; name=")
                    .append(name)
                    .append("\r\n");
            if (chance(8))
                form.append(one(List.of(
                                "Content-Type: text/plain",
                                "Content-Transfer-Encoding: base64",
                                "Content-Type: application/json")))
                        .append("\r\n");
            form.append("\r\n").append(model()).append("\r\n");
        }
        form.append("--x--\r\n");
        if (chance(10)) form.insert(0, "preamble\r\n");
        return chance(10) ? form.toString().replace("\r\n", "\n") : form.toString();
    }

    private String mutated(String path) {
        int slash = path.indexOf('/', random.nextInt(path.length() - 1));
        if (slash < 0) slash = path.lastIndexOf('/');
        return switch (random.nextInt(9)) {
            case 0 -> path.substring(0, slash) + "/" + path.substring(slash);
            case 1 -> path + "/";
            case 2 -> path.substring(0, slash) + path.substring(slash).toUpperCase(Locale.ROOT);
            case 3 -> path.replace(":", "%3A");
            case 4 -> path.replace("e", "%65");
            case 5 -> path.substring(0, slash) + "/%2e" + path.substring(slash);
            case 6 -> path.substring(0, slash) + ";a=b" + path.substring(slash);
            case 7 -> path.replace("e", "%2565");
            default -> path.substring(0, slash) + "/models/" + OTHER + path.substring(slash);
        };
    }

    private String model() {
        return chance(7) ? OTHER : ALLOWED;
    }

    private boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
