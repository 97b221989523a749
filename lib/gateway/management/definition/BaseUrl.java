package lib.gateway.management.definition;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// What the base URL of an upstream may be. Only administrators name one, so that this is about their slips, and
/// about keeping an administrator of the gateway from becoming one of the machine it runs on:
///
/// - `https` anywhere, and loopback and private networks too: that is where Ollama and vLLM are;
/// - `http` only to this machine, to a private address, or to a name that is no public one (`vllm`,
///   `vllm.models.svc`): elsewhere keys and prompts would travel readable;
/// - never an address of [MetadataAddress], `http://169.254.169.254` say: clouds hand out the machine's own
///   credentials there. A name that leads to one is refused when it is used: over http by the very address that
///   is connected to, over https by a look before, and by the certificate, which no metadata service has. Where a
///   proxy is on the way, the proxy looks names up, and has to refuse such addresses itself;
/// - no user, password, query or fragment.
///
///     BaseUrl.problem("http://169.254.169.254")   // Optional[is a link-local address, …]
public final class BaseUrl {
    private BaseUrl() {}

    /// What is wrong with it; empty where nothing is. The URL itself is not repeated: it may have a password in
    /// it.
    public static Optional<String> problem(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL");
        }
        var scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.matches("https?") || url.getHost() == null)
            return Optional.of("is not a URL such as https://api.example.com");
        if (url.getRawUserInfo() != null)
            return Optional.of("contains a user or password: store the key as a secret and name it in " + "apiKeyRef");
        if (url.getRawQuery() != null || url.getRawFragment() != null)
            return Optional.of("has a query or fragment, so request paths cannot be appended");
        if (url.getPort() == 0 || url.getPort() > 65535) return Optional.of("has an invalid port");
        if (url.getRawPath() != null && url.getRawPath().matches(".*/\\.{1,2}(/.*)?|(?i).*%2e.*"))
            return Optional.of("has a segment of dots in its path");
        return hostProblem(scheme, url.getHost().toLowerCase(Locale.ROOT).replaceAll("\\.+$", ""));
    }

    private static Optional<String> hostProblem(String scheme, String host) {
        // The same address with a zone is another text, and means a link of this machine.
        if (host.contains("%")) return Optional.of("has an address with a zone");
        var address = literal(host);
        if (MetadataAddress.isName(host) || address.filter(MetadataAddress::is).isPresent()) {
            return Optional.of("is a metadata address of a cloud, or not the address of a host");
        }
        if (host.contains(":") && address.isEmpty()) return Optional.of("has an address that cannot be read");
        // A number that is no address in full (2130706433, 0x7f.1) is one to some resolvers.
        if (address.isEmpty() && host.matches("(.*\\.)?(0x[0-9a-f]*|[0-9]+)"))
            return Optional.of("has an address that is not written in full");
        if (scheme.equals("http") && !address.map(BaseUrl::isNear).orElse(isOfAPrivateNetwork(host))) {
            return Optional.of(
                    "is http to a public host, which would send keys and prompts unencrypted: use " + "https");
        }
        return Optional.empty();
    }

    /// Whether a host's name, as it is resolved right now, leads where no base URL may.
    public static boolean leadsAstray(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) if (MetadataAddress.is(address)) return true;
            return false;
        } catch (UnknownHostException e) {
            // Whoever connects is told; or a proxy knows the name.
            return false;
        }
    }

    /// Whether the other end has to show a certificate before anything is sent to it.
    public static boolean isSecure(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    private static boolean isNear(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc
                // Carrier-grade NAT, which overlay networks use.
                || address.getAddress().length == 4
                        && address.getAddress()[0] == 100
                        && (address.getAddress()[1] & 0xc0) == 64;
    }

    private static boolean isOfAPrivateNetwork(String host) {
        return !host.contains(".")
                || host.matches(
                        ".*\\.(localhost|local|internal|lan|home\\.arpa|svc|cluster\\.local|test|intranet|corp)");
    }

    /// An address that is written as one; names are not looked up.
    private static Optional<InetAddress> literal(String host) {
        var bare = host.replaceAll("^\\[|]$", "");
        if (!bare.contains(":") && !bare.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) return Optional.empty();
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
