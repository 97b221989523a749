package lib.doctor.network;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.base.Host;
import lib.http.Http;

/// The files of certificate authorities on this machine. The JVM has a list of its own, which lacks a company's
/// authority.
///
///     TrustStores.bundleFor(server, host, patience)   // Optional[/etc/ssl/certs/ca-certificates.crt]
public final class TrustStores {
    /// Where operating systems keep the authorities that they trust.
    private static final List<String> BUNDLES = List.of(
            "etc/ssl/certs/ca-certificates.crt",
            "etc/pki/tls/certs/ca-bundle.crt",
            "etc/ssl/ca-bundle.pem",
            "etc/ssl/cert.pem");

    private TrustStores() {}

    /// The system's own file of authorities, where that makes the server's certificate trusted.
    public static Optional<Path> bundleFor(URI server, Host host, Duration patience) {
        return BUNDLES.stream()
                .map(host.root()::resolve)
                .filter(Files::isReadable)
                .filter(bundle -> {
                    var env = new TreeMap<>(host.env());
                    env.put("SSL_CERT_FILE", bundle.toString());
                    var trusting = host.withVariables(env).silent();
                    return !Route.to(server, trusting, Http.of(trusting), patience)
                            .isUntrusted();
                })
                .findFirst();
    }

    /// The variable that names a file of authorities which can't be read: such a file is ignored silently.
    public static Optional<String> unreadableVariable(Host host) {
        return Stream.of("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
                .filter(name -> host.variable(name)
                        .filter(file -> !Files.isReadable(host.cwd().resolve(file)))
                        .isPresent())
                .findFirst();
    }
}
