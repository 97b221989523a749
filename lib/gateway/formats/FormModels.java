package lib.gateway.formats;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lib.gateway.exchange.GatewayError;

/// Reads the models that a form names: the fields `model` of `multipart/form-data`, which OpenAI's API uses for
/// uploads. Parsers differ in the boundaries and names that they accept. Therefore forms are read strictly, and a
/// form that differs from what clients send is rejected.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
public final class FormModels {
    private static final Pattern BOUNDARY = Pattern.compile(
            "(?i)multipart/form-data\\s*;\\s*boundary=(?:\"([\\w'()+,./:=?-]{1,70})\"|([\\w'+.-]{1,70}))\\s*");
    private static final Pattern DISPOSITION =
            Pattern.compile("(?i)form-data; ?name=(?:\"([^\"\\\\%\\p{Cntrl}]*)\"|([\\w\\[\\].-]+))(; "
                    + "?filename=(?:\"[^\"\\\\\\p{Cntrl}]*\"|[\\w.-]+))?(; ?filename\\*=[\\w'%.-]+)?");
    private static final Set<String> SPECIAL = Set.of("_charset_", "_method");
    private static final byte[] NEW_LINE = {'\r', '\n'};
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    private final byte[] body;
    private final byte[] delimiter;
    private final Set<String> models = new LinkedHashSet<>();

    private FormModels(byte[] body, byte[] delimiter) {
        this.body = body;
        this.delimiter = delimiter;
    }

    /// Returns the models of a form.
    ///
    /// @param contentType the content type with its boundary
    /// @throws GatewayError if parsers could read the form differently
    public static Set<String> in(byte[] body, String contentType) {
        var boundary = BOUNDARY.matcher(contentType.strip());
        if (!boundary.matches()) throw malformed();
        var name = Optional.ofNullable(boundary.group(1)).orElse(boundary.group(2));
        var form = new FormModels(body, ("--" + name).getBytes(StandardCharsets.US_ASCII));
        form.read();
        return form.models;
    }

    private void read() {
        int at = 0;
        if (!startsWith(delimiter, 0)) throw malformed();
        while (true) {
            at += delimiter.length;
            if (startsWith(new byte[] {'-', '-'}, at)) break;
            if (!startsWith(NEW_LINE, at)) throw malformed();
            int next = indexOf(delimiter, at);
            // The line end before a boundary belongs to the boundary.
            if (next < at + NEW_LINE.length || !startsWith(NEW_LINE, next - NEW_LINE.length)) throw malformed();
            readPart(at + NEW_LINE.length, next - NEW_LINE.length);
            at = next;
        }
        for (int i = at + 2; i < body.length; i++) if (body[i] != '\r' && body[i] != '\n') throw malformed();
    }

    private void readPart(int from, int to) {
        int headEnd = indexOf(HEAD_END, from);
        if (headEnd < 0 || headEnd + HEAD_END.length > to) throw malformed();
        Optional<String> field = Optional.empty();
        var isPlain = true;
        for (var line : text(from, headEnd).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.chars().anyMatch(c -> c < ' ' && c != '\t')) throw malformed();
            var value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    var disposition = DISPOSITION.matcher(value);
                    if (field.isPresent() || !disposition.matches()) throw malformed();
                    field = Optional.of(
                            Optional.ofNullable(disposition.group(1)).orElse(disposition.group(2)));
                    isPlain &= disposition.group(3) == null && disposition.group(4) == null;
                }
                case "content-type" ->
                    isPlain &= value.toLowerCase(Locale.ROOT).matches("text/plain(; ?charset=\"?(utf-8|us-ascii)\"?)?");
                case "content-length" -> {}
                // Encodings that clients do not use in forms, and headers that some parser may know.
                default -> throw malformed();
            }
        }
        // With these fields frameworks choose the charset of the fields, or another method.
        if (SPECIAL.contains(field.orElseThrow(FormModels::malformed).strip().toLowerCase(Locale.ROOT)))
            throw malformed();
        if (!RequestedModels.isModel(field.get())) return;
        if (!isPlain) throw malformed();
        models.add(text(headEnd + HEAD_END.length, to));
    }

    private String text(int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private boolean startsWith(byte[] what, int at) {
        if (at < 0 || at + what.length > body.length) return false;
        for (int i = 0; i < what.length; i++) if (body[at + i] != what[i]) return false;
        return true;
    }

    private int indexOf(byte[] what, int from) {
        for (int i = from; i <= body.length - what.length; i++) if (body[i] == what[0] && startsWith(what, i)) return i;
        return -1;
    }

    private static GatewayError malformed() {
        return GatewayError.invalid("the form cannot be read: its parts must follow RFC 7578");
    }
}
