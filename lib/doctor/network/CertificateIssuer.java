package lib.doctor.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The authority that signed the certificate of a server that is not trusted. Its name tells which company's
/// authority is missing.
///
///     CertificateIssuer.of(URI.create("https://aigw.example"), Duration.ofSeconds(5))   // Optional[Corp CA]
public final class CertificateIssuer {
    private static final Pattern NAME = Pattern.compile("(?:^|,)(?:CN|O)=(?:\"([^\"]*)\"|([^,]*))");

    private CertificateIssuer() {}

    /// Starts a handshake and ends it at the certificate. Nothing is sent.
    ///
    /// @return empty where no certificate was shown
    public static Optional<String> of(URI server, Duration patience) {
        var shown = new AtomicReference<X509Certificate>();
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsNobody(shown)}, null);
            var port = server.getPort() > 0 ? server.getPort() : 443;
            try (var plain = new Socket()) {
                plain.connect(new InetSocketAddress(server.getHost(), port), (int) patience.toMillis());
                plain.setSoTimeout((int) patience.toMillis());
                try (var tls =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, server.getHost(), port, true)) {
                    tls.startHandshake();
                }
            }
        } catch (IOException e) {
            // As intended: the certificate has been noted.
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has TLS", e);
        }
        return Optional.ofNullable(shown.get()).map(CertificateIssuer::nameOf);
    }

    /// The common name of the issuer, else its organisation.
    static String nameOf(X509Certificate certificate) {
        var name = certificate.getIssuerX500Principal().getName();
        var parts = NAME.matcher(name);
        return parts.find() ? Optional.ofNullable(parts.group(1)).orElse(parts.group(2)) : name;
    }

    /// Notes the certificate and refuses it.
    private static final class TrustsNobody extends X509ExtendedTrustManager {
        private final AtomicReference<X509Certificate> shown;

        TrustsNobody(AtomicReference<X509Certificate> shown) {
            this.shown = shown;
        }

        private void refuse(X509Certificate[] chain) throws CertificateException {
            shown.set(chain[0]);
            throw new CertificateException("only looking");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            refuse(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            refuse(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            refuse(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            refuse(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            refuse(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            refuse(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
