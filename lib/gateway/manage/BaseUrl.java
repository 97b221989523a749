package lib.gateway.manage;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the base URL of an upstream may be. Only administrators name one, so that this is about their slips, and about
/// keeping an administrator of the gateway from becoming one of the machine it runs on:
///
/// - `https` anywhere, and loopback and private networks too: that is where Ollama and vLLM are;
/// - `http` only to this machine, to a private address, or to a name that is no public one (`vllm`, `vllm.models.svc`):
///   elsewhere keys and prompts would travel readable;
/// - never a link-local address, `http://169.254.169.254` say: clouds hand out the machine's own credentials there. A
///   name that leads to one is refused when it is used, see [#leadsAstray];
/// - no user, password, query or fragment.
///
///     BaseUrl.problem("http://169.254.169.254")   // Optional[is a link-local address, …]
public final class BaseUrl {
    private static final Set<String> METADATA = Set.of("metadata.google.internal", "metadata", "instance-data", "instance-data.ec2.internal");

    private BaseUrl() {}

    /// What is wrong with it; empty where nothing is. The URL itself is not repeated: it may have a password in it.
    public static Optional<String> problem(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL");
        }
        var scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.matches("https?") || url.getHost() == null) return Optional.of("is not a URL such as https://api.example.com");
        if (url.getRawUserInfo() != null) return Optional.of("has a user or password in it: a key is a secret that apiKeyRef names");
        if (url.getRawQuery() != null || url.getRawFragment() != null) return Optional.of("has a query or fragment, which the paths of requests cannot follow");
        if (url.getPort() == 0 || url.getPort() > 65535) return Optional.of("has a port that none is");
        if (url.getRawPath() != null && url.getRawPath().matches(".*/\\.{1,2}(/.*)?|(?i).*%2e.*")) return Optional.of("has a segment of dots in its path");
        return hostProblem(scheme, url.getHost().toLowerCase(Locale.ROOT).replaceAll("\\.$", ""));
    }

    private static Optional<String> hostProblem(String scheme, String host) {
        var address = literal(host);
        if (METADATA.contains(host) || address.filter(BaseUrl::isLinkLocal).isPresent()) {
            return Optional.of("is where a cloud keeps this machine's own credentials, or another link-local address");
        }
        // A number that is no address in full (2130706433, 0x7f.1) is one to some resolvers.
        if (address.isEmpty() && host.matches("(.*\\.)?(0x[0-9a-f]*|[0-9]+)")) return Optional.of("has an address that is not written in full");
        if (scheme.equals("http") && !address.map(BaseUrl::isNear).orElse(isOfAPrivateNetwork(host))) {
            return Optional.of("is http to a public host, where keys and prompts could be read on the way: use https");
        }
        return Optional.empty();
    }

    /// Whether a host's name, as it is resolved right now, leads where no base URL may.
    public static boolean leadsAstray(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) if (isLinkLocal(address)) return true;
            return false;
        } catch (UnknownHostException e) {
            // Whoever connects is told; or a proxy knows the name.
            return false;
        }
    }

    private static boolean isLinkLocal(InetAddress address) {
        var bytes = address.getAddress();
        // AWS's metadata service by IPv6, fd00:ec2::254, and what embeds an IPv4 address (::a.b.c.d, 64:ff9b::a.b.c.d).
        if (address instanceof Inet6Address) {
            if (address.getHostAddress().startsWith("fd00:ec2:")) return true;
            if (bytes[12] == (byte) 169 && bytes[13] == (byte) 254) return true;
        }
        return address.isLinkLocalAddress() || address.isMulticastAddress() || bytes[0] == 0 && bytes.length == 4;
    }

    private static boolean isNear(InetAddress address) {
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc
                // Carrier-grade NAT, which overlay networks use.
                || address.getAddress().length == 4 && address.getAddress()[0] == 100 && (address.getAddress()[1] & 0xc0) == 64;
    }

    private static boolean isOfAPrivateNetwork(String host) {
        return !host.contains(".") || host.matches(".*\\.(localhost|local|internal|lan|home\\.arpa|svc|cluster\\.local|test|intranet|corp)");
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
