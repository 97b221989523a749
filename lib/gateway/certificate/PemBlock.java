package lib.gateway.certificate;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// One block of a PEM text.
///
///     PemBlock.all(text).getFirst().label()   // CERTIFICATE
///
/// @param label the kind of content, such as `CERTIFICATE` or `EC PRIVATE KEY`
/// @param content the text between the two lines that enclose it
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
record PemBlock(String label, String content) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /// Returns the blocks of a text, without what is between them.
    static List<PemBlock> all(String text) {
        var blocks = new ArrayList<PemBlock>();
        for (int begin = 0; (begin = text.indexOf(BEGIN, begin)) >= 0; ) {
            int end = text.indexOf(DASHES, begin + BEGIN.length());
            if (end < 0) break;
            var label = text.substring(begin + BEGIN.length(), end);
            begin = end + DASHES.length();
            end = text.indexOf("-----END " + label + DASHES, begin);
            if (end < 0) break;
            blocks.add(new PemBlock(label, text.substring(begin, end)));
            begin = end;
        }
        return blocks;
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /// Returns whether a password is needed to read it.
    boolean isEncrypted() {
        return label.startsWith("ENCRYPTED") || content.contains("Proc-Type:");
    }

    /// @throws IllegalArgumentException if it is not Base64
    byte[] der() {
        return Base64.getMimeDecoder().decode(content);
    }

    /// Hides the content, which may be a private key.
    @Override
    public String toString() {
        return label;
    }
}
