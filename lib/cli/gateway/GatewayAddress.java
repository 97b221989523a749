package lib.cli.gateway;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.base.Host;
import lib.base.UserError;
import lib.config.Settings;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.exchange.TrustedProxies;
import lib.gateway.server.TlsCertificate;
import lib.http.ProxyVariables;
import picocli.CommandLine.Option;

/// The address at which `rpkai gateway` listens, and the URL by which it is reached. Tokens never travel in
/// clear unless the user allowed that.
final class GatewayAddress {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8090",
            description = "The address to listen on (default ${DEFAULT-VALUE}); port 0 selects a free " + "port.")
    String listen;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "The base URL that callers use, if it differs from the address: usually that of "
                    + "a TLS proxy in front of the gateway.")
    String publicUrl;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Serve TLS with this certificate chain (PEM).")
    Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's private key (PEM).")
    Path key;

    @Option(
            names = "--trusted-proxy",
            paramLabel = "CIDR",
            split = ",",
            description = "The network of a load balancer or TLS proxy in front of the gateway. The "
                    + "gateway takes client addresses from its X-Forwarded-For or Forwarded header, "
                    + "so that limits apply to the client; may be repeated.")
    List<String> proxies = List.of();

    String host() {
        return parts()[0].replaceAll("^\\[|]$", "");
    }

    int port() {
        return Integer.parseInt(parts()[2]);
    }

    boolean isLoopback() {
        try {
            return InetAddress.getByName(host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new UserError(
                    "cannot listen on " + host() + ", which is not an address of this machine", "use 127.0.0.1");
        }
    }

    Optional<URI> publicUrl() {
        return Optional.ofNullable(publicUrl).map(url -> Settings.webUrl(url, "--public-url"));
    }

    /// @throws UserError if tokens would travel in clear, or if only half of a certificate is given
    PublicEndpoint front(Host machine) {
        if ((certificate == null) != (key == null))
            throw UserError.usage("--tls-cert and --tls-key require each other", "pass both or neither");
        if (certificate == null && publicUrl == null && !isLoopback()) {
            throw UserError.usage(
                    "--listen %s would send tokens unencrypted over the network".formatted(listen),
                    "pass --tls-cert and --tls-key, or put a TLS proxy in front and pass " + "--public-url https://…");
        }
        var front = certificate == null
                ? PublicEndpoint.plain()
                : PublicEndpoint.plain()
                        .over(TlsCertificate.read(
                                machine.cwd().resolve(certificate),
                                machine.cwd().resolve(key)));
        publicUrl()
                .filter(GatewayAddress::isInClear)
                .ifPresent(url ->
                        machine.warn("--public-url %s is not https: tokens are sent unencrypted".formatted(url)));
        return publicUrl().map(front::at).orElse(front).trusting(TrustedProxies.of(proxies));
    }

    /// Returns whether tokens for that URL pass a network unprotected.
    static boolean isInClear(URI url) {
        return "http".equalsIgnoreCase(url.getScheme()) && !ProxyVariables.isLoopback(url.getHost());
    }

    private String[] parts() {
        var parts = listen.splitWithDelimiters(":(?=[0-9]{1,5}$)", 2);
        if (parts.length != 3 || parts[0].isEmpty() || Integer.parseInt(parts[2]) > 65535) {
            throw UserError.usage("--listen must be HOST:PORT, not \"%s\"".formatted(listen), "use 127.0.0.1:8090");
        }
        return parts;
    }
}
