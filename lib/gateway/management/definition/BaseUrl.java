package lib.gateway.management.definition;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// Decides which base URLs an upstream may have. Only administrators of the gateway set them. The rules catch
/// mistakes, and keep an administrator of the gateway from getting the credentials of its machine:
///
/// - `https` is allowed everywhere, including loopback and private networks, where Ollama and vLLM run.
/// - `http` is allowed only to this machine, to private addresses, and to names that are not public (`vllm`,
///   `vllm.models.svc`). Elsewhere, keys and prompts would be readable on the way.
/// - An address of [MetadataAddress], such as `http://169.254.169.254`, is never allowed: there, clouds hand out
///   the machine's own credentials. A name that resolves to one is rejected when it is used. Over http, the
///   address that is connected to is checked; over https, the name is looked up first, and the certificate
///   protects too, because no metadata service has one. A proxy resolves names itself and must reject such
///   addresses itself.
/// - A user, password, query or fragment is not allowed.
///
///     BaseUrl.problem("http://169.254.169.254")   // Optional[is a metadata address of a cloud, …]
public final class BaseUrl {
    private BaseUrl() {}

    /// Returns what is wrong with a URL; empty if it is valid. The URL is not repeated: it may contain a
    /// password.
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
        // With a zone, the same address is a different text. It denotes a link of this machine.
        if (host.contains("%")) return Optional.of("has an address with a zone");
        var address = literal(host);
        if (MetadataAddress.isName(host) || address.filter(MetadataAddress::is).isPresent()) {
            return Optional.of("is a metadata address of a cloud, or not the address of a host");
        }
        if (host.contains(":") && address.isEmpty()) return Optional.of("has an address that cannot be read");
        // Some resolvers treat incomplete numbers (2130706433, 0x7f.1) as addresses.
        if (address.isEmpty() && host.matches("(.*\\.)?(0x[0-9a-f]*|[0-9]+)"))
            return Optional.of("has an address that is not written in full");
        if (scheme.equals("http") && !address.map(BaseUrl::isNear).orElse(isOfAPrivateNetwork(host))) {
            return Optional.of(
                    "is http to a public host, which would send keys and prompts unencrypted: use " + "https");
        }
        return Optional.empty();
    }

    /// Returns whether a host name currently resolves to a forbidden address.
    public static boolean leadsAstray(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) if (MetadataAddress.is(address)) return true;
            return false;
        } catch (UnknownHostException e) {
            // The connection fails later, or a proxy knows the name.
            return false;
        }
    }

    /// Returns whether the server must show a certificate before anything is sent to it.
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

    /// Returns the address if the host is written as one. Names are not looked up.
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
