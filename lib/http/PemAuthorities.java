package lib.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The certificate authorities in PEM files, by their names. Parsing all of a system's bundle takes longer than most
/// commands, and a chain of certificates needs one or two of them.
///
///     PemAuthorities.read(files).of(chain)   // those that the chain names as issuers
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1">RFC 5280, section 4.1</a>
final class PemAuthorities {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    /// The tag of the version, which is the only field before the subject that may be absent.
    private static final byte VERSION = (byte) 0xa0;

    private final Map<ByteBuffer, List<byte[]>> bySubject = new HashMap<>();

    private PemAuthorities() {}

    /// Reads files. What is not a certificate in PEM is left out.
    static PemAuthorities read(Set<Path> files) throws IOException {
        var authorities = new PemAuthorities();
        for (var file : files) authorities.add(Files.readString(file, StandardCharsets.ISO_8859_1));
        return authorities;
    }

    private void add(String text) {
        for (int begin = 0, end; (begin = text.indexOf(BEGIN, begin)) >= 0; begin = end) {
            end = text.indexOf(END, begin);
            if (end < 0) return;
            try {
                var der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
                bySubject.computeIfAbsent(subject(der), _ -> new ArrayList<>()).add(der);
            } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
                // The others may be fine.
            }
        }
    }

    /// Returns the authorities whose name is, byte for byte, that of an issuer or a subject in the chain.
    List<X509Certificate> of(X509Certificate[] chain) throws CertificateException {
        var names = new LinkedHashSet<ByteBuffer>();
        for (var each : chain) {
            names.add(ByteBuffer.wrap(each.getIssuerX500Principal().getEncoded()));
            names.add(ByteBuffer.wrap(each.getSubjectX500Principal().getEncoded()));
        }
        var found = new ArrayList<X509Certificate>();
        var factory = CertificateFactory.getInstance("X.509");
        for (var name : names)
            for (var der : bySubject.getOrDefault(name, List.of()))
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        return found;
    }

    /// Returns the subject's name as it is encoded in a certificate.
    private static ByteBuffer subject(byte[] der) {
        var in = ByteBuffer.wrap(der);
        // The certificate, and in it the part that is signed.
        length(in);
        length(in);
        if (in.get(in.position()) == VERSION) skip(in);
        // Serial number, algorithm, issuer and validity.
        for (int i = 0; i < 4; i++) skip(in);
        int begin = in.position();
        skip(in);
        return ByteBuffer.wrap(der, begin, in.position() - begin).slice();
    }

    private static void skip(ByteBuffer in) {
        int length = length(in);
        in.position(in.position() + length);
    }

    /// Reads the tag and the length of an element, up to its content.
    private static int length(ByteBuffer in) {
        in.get();
        int first = in.get() & 0xff;
        if (first < 0x80) return first;
        int length = 0;
        for (int i = first & 0x7f; i > 0; i--) length = length << 8 | in.get() & 0xff;
        return length;
    }
}
