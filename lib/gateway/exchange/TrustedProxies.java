package lib.gateway.exchange;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.base.UserError;

/// The trusted load balancers and reverse proxies in front of a gateway. The gateway believes only their
/// information about client addresses.
///
///     TrustedProxies.of(List.of("10.0.0.0/8")).client(peer, List.of("203.0.113.9, 10.1.2.3"), List.of())   //
///
/// @param networks the networks of the proxies
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239, Forwarded</a>
public record TrustedProxies(List<Network> networks) {
    /// No trusted proxies.
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*\"?([^;\"]*)\"?");
    /// A limit that exceeds the number of hops of any real request.
    private static final int MOST_HOPS = 32;

    /// A network: all addresses with the same prefix.
    ///
    /// @param bits the length of the prefix in bits
    public record Network(byte[] address, int bits) {
        boolean has(InetAddress other) {
            var bytes = other.getAddress();
            if (bytes.length != address.length) return false;
            for (int i = 0; i < bits; i++) if (((bytes[i / 8] ^ address[i / 8]) & 0x80 >> i % 8) != 0) return false;
            return true;
        }
    }

    /// Parses networks such as `10.0.0.0/8` or `fd00::/8`, and single addresses.
    ///
    /// @throws UserError if a text is neither a network nor an address
    public static TrustedProxies of(List<String> networks) {
        return new TrustedProxies(networks.stream().map(TrustedProxies::network).toList());
    }

    private static Network network(String text) {
        var parts = text.split("/", 2);
        try {
            var address = InetAddress.ofLiteral(parts[0]).getAddress();
            int bits = parts.length < 2 ? address.length * 8 : Integer.parseInt(parts[1]);
            if (bits >= 0 && bits <= address.length * 8) return new Network(address, bits);
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw UserError.usage(
                "--trusted-proxy must be a network, not \"%s\"".formatted(text), "use, for example, 10.0.0.0/8");
    }

    public boolean trusts(InetAddress address) {
        for (var network : networks) if (network.has(address)) return true;
        return false;
    }

    /// Returns the client address of a request: the nearest address that is not a trusted proxy. Each proxy
    /// appends the address from which it was reached. Entries before the first untrusted one may be forged.
    ///
    /// @param peer the address at the other end of the connection
    /// @param forwardedFor the values of `X-Forwarded-For`
    /// @param forwarded the values of `Forwarded`, used if there is no `X-Forwarded-For`
    InetAddress client(InetAddress peer, List<String> forwardedFor, List<String> forwarded) {
        if (!trusts(peer)) return peer;
        var hops = hops(forwardedFor.isEmpty() ? forwarded : forwardedFor, !forwardedFor.isEmpty());
        var client = peer;
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS) && trusts(client); i--) {
            var hop = address(hops.get(i));
            if (hop.isEmpty()) break;
            client = hop.get();
        }
        return client;
    }

    private static List<String> hops(List<String> values, boolean plain) {
        var hops = new ArrayList<String>();
        for (var value : values) {
            for (var element : value.split(",")) {
                if (plain) hops.add(element.strip());
                else
                    hops.add(FOR.matcher(element)
                            .results()
                            .map(found -> found.group(1).strip())
                            .findFirst()
                            .orElse(""));
            }
        }
        return hops;
    }

    /// Parses an address as proxies write it, with or without a port: `203.0.113.9:4711`, `[2001:db8::1]:4711`.
    private static Optional<InetAddress> address(String text) {
        var bare = text.startsWith("[")
                ? text.replaceFirst("^\\[([^]]*)](:[0-9]+)?$", "$1")
                : text.replaceFirst("^([0-9.]+):[0-9]+$", "$1");
        // A zone would be looked up among this machine's interfaces.
        if (bare.length() > 45 || bare.contains("%")) return Optional.empty();
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Returns the key of one sender: an IPv4 address, or the /64 network of an IPv6 address, which networks
    /// assign to a single host.
    public static String sender(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : HexFormat.of().formatHex(Arrays.copyOf(bytes, 8)) + "/64";
    }
}
