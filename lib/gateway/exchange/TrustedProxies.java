package lib.gateway.exchange;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.base.UserError;

/// The load balancers and reverse proxies before a gateway: what they say of a client's address is believed, and
/// nothing that others say.
///
///     TrustedProxies.of(List.of("10.0.0.0/8")).client(peer, List.of("203.0.113.9, 10.1.2.3"), List.of())   //
/// 203.0.113.9
///
/// @param networks where they are
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7239">RFC 7239, Forwarded</a>
public record TrustedProxies(List<Network> networks) {
    /// No one is before it.
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*\"?([^;\"]*)\"?");
    /// More hops than any request has.
    private static final int MOST_HOPS = 32;

    /// Addresses that begin alike.
    ///
    /// @param bits how many bits of the address count
    public record Network(byte[] address, int bits) {
        boolean has(InetAddress other) {
            var bytes = other.getAddress();
            if (bytes.length != address.length) return false;
            for (int i = 0; i < bits; i++) if (((bytes[i / 8] ^ address[i / 8]) & 0x80 >> i % 8) != 0) return false;
            return true;
        }
    }

    /// Those of networks such as `10.0.0.0/8`, `fd00::/8` or a single address.
    ///
    /// @throws UserError for what is none
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
            // Said below.
        }
        throw UserError.usage(
                "--trusted-proxy takes a network, not \"%s\"".formatted(text), "use something like 10.0.0.0/8");
    }

    public boolean trusts(InetAddress address) {
        for (var network : networks) if (network.has(address)) return true;
        return false;
    }

    /// The address of whoever sent a request: the nearest that is not one of these. Each of them adds the address
    /// that it was reached from at the end; what is before the first other one may be anybody's invention.
    ///
    /// @param peer the other end of the connection
    /// @param forwardedFor the values of `X-Forwarded-For`
    /// @param forwarded those of `Forwarded`, which count where there are none of the other
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

    /// An address as proxies write it, with a port or without: `203.0.113.9:4711`, `[2001:db8::1]:4711`.
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

    /// What counts as one sender: an IPv4 address, or the 64 bits that a network gives to one of its own in IPv6.
    public static String sender(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : HexFormat.of().formatHex(Arrays.copyOf(bytes, 8)) + "/64";
    }
}
