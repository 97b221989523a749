package lib.doctor;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.base.Host;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route;
import lib.doctor.network.Route.Arrival.Answered;
import lib.doctor.network.Route.Arrival.Stuck;
import lib.http.Http;
import lib.http.Unreachable.Reason;

/// Whether the gateway's certificate is one to trust, a company's own authority included.
final class TlsCheck {
    static final String NAME = "tls";

    /// Where systems keep what they trust, a company's authority among it. The JVM has a list of its own.
    private static final List<String> BUNDLES = List.of(
            "etc/ssl/certs/ca-certificates.crt",
            "etc/pki/tls/certs/ca-bundle.crt",
            "etc/ssl/ca-bundle.pem",
            "etc/ssl/cert.pem");

    private TlsCheck() {}

    /// @param issuer who signed a certificate that is not trusted, where that is known
    /// @param bundle a file that would make it trusted, where one was found
    /// @param unreadable a variable that names a file of authorities which can't be read
    /// @param url what changes the gateway's URL
    static CheckResult of(
            Route route,
            Optional<String> issuer,
            Optional<Path> bundle,
            Optional<String> unreadable,
            String url,
            Platform platform) {
        return switch (route.arrival()) {
            case Stuck(var at, var reason, var why)
            when at == FailurePoint.TLS -> refused(reason, why, issuer, bundle, unreadable, url, platform);
            case Stuck _ -> CheckResult.skipped(NAME, "the gateway was not reached");
            case Answered answered when answered.certificate().isEmpty() -> CheckResult.skipped(NAME, "plain HTTP");
            case Answered answered
            when unreadable.isPresent() ->
                CheckResult.warning(
                        NAME,
                        "%s; %s names a file that can't be read"
                                .formatted(answered.certificate().get(), unreadable.get()),
                        platform.unset(unreadable.get()));
            case Answered answered ->
                CheckResult.ok(NAME, answered.certificate().get());
        };
    }

    /// Whether an authority that nobody here knows is what TLS failed on.
    static boolean isUntrusted(Route route) {
        return route.arrival() instanceof Stuck(var _, var reason, var _) && reason == Reason.UNTRUSTED_CERTIFICATE;
    }

    /// The system's own list of authorities, where that would make the server trusted.
    static Optional<Path> bundleFor(URI server, DoctorContext subject) {
        var host = subject.host();
        return BUNDLES.stream()
                .map(host.root()::resolve)
                .filter(Files::isReadable)
                .filter(bundle -> {
                    var env = new TreeMap<>(host.env());
                    env.put("SSL_CERT_FILE", bundle.toString());
                    var trusting = new Host(
                            env,
                            host.home(),
                            host.cwd(),
                            host.root(),
                            host.in(),
                            host.out(),
                            host.err(),
                            false,
                            host.clock());
                    return !isUntrusted(Route.to(server, trusting, Http.of(trusting), subject.callPatience()));
                })
                .findFirst();
    }

    /// A variable that names a file of authorities which can't be read: it is left out without a word.
    static Optional<String> unreadable(Host host) {
        return Stream.of("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
                .filter(name -> host.variable(name)
                        .filter(file -> !Files.isReadable(host.cwd().resolve(file)))
                        .isPresent())
                .findFirst();
    }

    /// What makes a company's authority trusted.
    static String trust(Optional<Path> bundle, Platform platform) {
        return platform.export("SSL_CERT_FILE", bundle.map(Path::toString).orElse("/path/to/your-company-ca.pem"));
    }

    private static CheckResult refused(
            Reason reason,
            String why,
            Optional<String> issuer,
            Optional<Path> bundle,
            Optional<String> unreadable,
            String url,
            Platform platform) {
        if (reason == Reason.CERTIFICATE_OUT_OF_DATE)
            return CheckResult.failed(
                    NAME, "the certificate is out of date by this machine's clock", platform.setClock());
        if (reason != Reason.UNTRUSTED_CERTIFICATE) return CheckResult.failed(NAME, why, url);
        var found = issuer.map("the certificate is signed by \"%s\", which is not trusted"::formatted)
                .orElse("the certificate is signed by nobody who is trusted");
        return CheckResult.failed(
                NAME,
                found
                        + unreadable
                                .map("; %s names a file that can't be read"::formatted)
                                .orElse(""),
                trust(bundle, platform));
    }
}
