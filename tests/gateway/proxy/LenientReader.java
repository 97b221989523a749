package tests.gateway.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import tests.gateway.FakeUpstream;

/// Which models could answer a request, as the most forgiving of the known servers would read it. It has nothing
/// in common with the gateway's own reader: it takes JSON with comments, in other encodings, under any content
/// type; keys in any case, the first and the last of several; models where some API has them.
///
///     LenientReader.models(call)   // [gpt-a]; DEFAULT where the server would choose one itself
final class LenientReader {
    /// A model of the server's own choice.
    static final String DEFAULT = "(the server's default)";

    /// The places where APIs name a model, besides the outermost object: keys in lower case; `*` is each item of
    /// a list.
    private static final List<List<String>> PLACES = List.of(
            List.of("tools", "*", "model"),
            List.of("fallbacks", "*", "model"),
            List.of("fallbacks", "*"),
            List.of("models", "*"),
            List.of("requests", "*", "model"),
            List.of("requests", "*", "params", "model"),
            List.of("requests", "*", "params", "tools", "*", "model"),
            List.of("requests", "*", "request", "model"),
            List.of("requests", "*", "body", "model"),
            List.of("batch", "model"),
            List.of("session", "model"),
            List.of("generatecontentrequest", "model"),
            List.of("audio", "transcription", "model"),
            List.of("extra_body", "google", "model"),
            List.of("fallback_model"));
    private static final Pattern RUNS =
            Pattern.compile(".*(messages|count_tokens|complete|completions|responses|embeddings|generations|speech|"
                    + "transcriptions|edits)/?");
    private static final Pattern IN_PATH = Pattern.compile("(?:^|/)(?:tuned)?models?/([^/:?]+)");
    private static final Pattern FIELD =
            Pattern.compile("(?is)name=\"?model(?:\\[])?\"?[^\\n]*\\n(?:[^\\n]+\\n)*?\\r?\\n([^\\r\\n]*)");

    private LenientReader() {}

    static Set<String> models(FakeUpstream.Call call) throws IOException {
        var models = new LinkedHashSet<String>();
        var words = call.line().split(" ");
        var target = words[1].split("\\?", 2);
        var path = path(target[0]);
        var matcher = IN_PATH.matcher(path);
        var isRun = List.of("POST", "PUT", "PATCH").contains(words[0])
                || call.headers().stream()
                        .anyMatch(line -> line.toLowerCase(Locale.ROOT).matches("x[-_]http[-_]method.*"));
        if (isRun) while (matcher.find()) models.add(matcher.group(1));
        if (target.length > 1)
            for (var parameter : target[1].split("&"))
                if (decoded(parameter).toLowerCase(Locale.ROOT).startsWith("model="))
                    models.add(decoded(parameter).substring(6));
        var inBody = new LinkedHashSet<String>();
        var atTop = false;
        for (var body : unpacked(call)) {
            var text = text(body);
            for (var form = FIELD.matcher(text); form.find(); ) {
                inBody.add(form.group(1));
                atTop = true;
            }
            if (text.strip().startsWith("{")) atTop |= read(text, inBody);
            else
                for (var pair : text.split("&"))
                    if (decoded(pair).toLowerCase(Locale.ROOT).startsWith("model="))
                        inBody.add(decoded(pair).substring(6));
        }
        models.addAll(inBody);
        if (isRun
                && RUNS.matcher(path).matches()
                && !atTop
                && !IN_PATH.matcher(path).find()) models.add(DEFAULT);
        models.removeIf(String::isEmpty);
        return models;
    }

    /// Decoded until nothing is left to decode, in lower case, slashes as one.
    private static String path(String raw) {
        var path = raw;
        for (int i = 0; i < 5; i++) path = decoded(path.replace("+", "%2B"));
        return path.replace('\\', '/').replaceAll("/+", "/").toLowerCase(Locale.ROOT);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /// The body in each way in which a server may unpack it.
    private static List<byte[]> unpacked(FakeUpstream.Call call) {
        var ways = new ArrayList<byte[]>(List.of(call.body()));
        if (call.header("content-encoding").isEmpty()) return ways;
        ways.add(all(() -> new GZIPInputStream(new ByteArrayInputStream(call.body()))));
        ways.add(all(() -> new InflaterInputStream(new ByteArrayInputStream(call.body()))));
        ways.add(all(() -> new InflaterInputStream(new ByteArrayInputStream(call.body()), new Inflater(true))));
        return ways;
    }

    private interface Opens {
        InputStream open() throws IOException;
    }

    private static byte[] all(Opens opens) {
        var out = new ByteArrayOutputStream();
        try (var in = opens.open()) {
            for (int b; (b = in.read()) >= 0; ) out.write(b);
        } catch (IOException e) {
            // As much as there was.
        }
        return out.toByteArray();
    }

    private static String text(byte[] body) {
        if (body.length >= 4) {
            if (body[0] == 0 && body[1] == 0)
                return new String(body, Charset.forName("UTF-32BE")).replace("\ufeff", "");
            if (body[1] == 0 && body[2] == 0)
                return new String(body, Charset.forName("UTF-32LE")).replace("\ufeff", "");
            if (body[0] == 0 || body[0] == (byte) 0xfe)
                return new String(body, StandardCharsets.UTF_16BE).replace("\ufeff", "");
            if (body[1] == 0 || body[0] == (byte) 0xff)
                return new String(body, StandardCharsets.UTF_16LE).replace("\ufeff", "");
        }
        return new String(body, StandardCharsets.UTF_8).replace("\ufeff", "");
    }

    /// Adds the models of a text, and tells whether the outermost object has one by the very name.
    private static boolean read(String text, Set<String> models) {
        var parser = new Parser(text);
        var atTop = false;
        try {
            // Several values: some servers read the first, some the last.
            while (parser.more()) atTop |= find(parser.value(), models);
        } catch (RuntimeException notJson) {
            // What was read of it counts.
        }
        return atTop;
    }

    private static boolean find(Object value, Set<String> models) {
        if (!(value instanceof List<?> entries) || !(entries.isEmpty() || entries.getFirst() instanceof Map.Entry))
            return false;
        var atTop = false;
        for (var entry : entries) {
            var field = (Map.Entry<?, ?>) entry;
            if (field.getKey().equals("model") && field.getValue() instanceof String) atTop = true;
        }
        collect(value, List.of("model"), models);
        for (var place : PLACES) collect(value, place, models);
        return atTop;
    }

    private static void collect(Object value, List<String> place, Set<String> models) {
        if (place.isEmpty()) {
            if (value instanceof String text) models.add(text.startsWith("models/") ? text.substring(7) : text);
            return;
        }
        if (!(value instanceof List<?> items)) return;
        for (var item : items) {
            var isField = item instanceof Map.Entry;
            if (place.getFirst().equals("*") && !isField) collect(item, place.subList(1, place.size()), models);
            else if (isField && ((Map.Entry<?, ?>) item).getKey().toString().equalsIgnoreCase(place.getFirst()))
                collect(((Map.Entry<?, ?>) item).getValue(), place.subList(1, place.size()), models);
        }
    }

    /// JSON as forgiving parsers have it. An object is the list of its entries, duplicates and all.
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        boolean more() {
            blank();
            return at < text.length();
        }

        Object value() {
            blank();
            char c = text.charAt(at);
            if (c == '{') return object();
            if (c == '[') return array();
            if (c == '"' || c == '\'') return string();
            int from = at;
            while (at < text.length() && ",]}:/ \t\r\n".indexOf(text.charAt(at)) < 0) at++;
            if (from == at) at++;
            return 0;
        }

        private List<Object> object() {
            var entries = new ArrayList<>();
            for (at++; ; at++) {
                blank();
                if (text.charAt(at) == '}') break;
                if (text.charAt(at) == ',') continue;
                var key = "\"'".indexOf(text.charAt(at)) >= 0 ? string() : bare();
                blank();
                if (text.charAt(at) == ':') at++;
                entries.add(Map.entry(key, value()));
                blank();
                if (text.charAt(at) == '}') break;
            }
            at++;
            return entries;
        }

        private List<Object> array() {
            var items = new ArrayList<>();
            for (at++; ; ) {
                blank();
                if (text.charAt(at) == ']') break;
                if (text.charAt(at) == ',') at++;
                else items.add(value());
            }
            at++;
            return items;
        }

        private String bare() {
            int from = at;
            while (text.charAt(at) != ':') at++;
            return text.substring(from, at).strip();
        }

        private String string() {
            char quote = text.charAt(at++);
            var read = new StringBuilder();
            for (; text.charAt(at) != quote; at++) {
                if (text.charAt(at) != '\\') {
                    read.append(text.charAt(at));
                    continue;
                }
                char escaped = text.charAt(++at);
                if (escaped == 'u') {
                    read.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    read.append(escaped);
                }
            }
            at++;
            return read.toString();
        }

        private void blank() {
            while (at < text.length()) {
                if (text.charAt(at) <= ' ') at++;
                else if (text.startsWith("//", at))
                    at = Math.max(at, text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at));
                else if (text.startsWith("/*", at))
                    at = text.indexOf("*/", at) < 0 ? text.length() : text.indexOf("*/", at) + 2;
                else return;
            }
        }
    }
}
