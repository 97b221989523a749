package lib.gateway.management.definition;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Recognises the addresses at which clouds hand out a machine's own credentials and settings, and addresses that
/// belong to no host.
///
///     MetadataAddress.is(InetAddress.ofLiteral("64:ff9b::a9fe:a9fe"))   // true: it is 169.254.169.254 behind NAT64
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6890">RFC 6890, special-purpose addresses</a>
public final class MetadataAddress {
    /// The host names of metadata services.
    private static final Set<String> NAMES = Set.of(
            "metadata.google.internal",
            "metadata.goog",
            "metadata",
            "instance-data",
            "instance-data.ec2.internal",
            "metadata.azure.internal",
            "metadata.tencentyun.com",
            "metadata.platformequinix.com",
            "metadata.packet.net",
            "api.metadata.cloud.ibm.com");
    /// Metadata addresses that are not link-local: Alibaba Cloud, Azure's wire server, and Oracle's old one.
    private static final List<byte[]> IPV4 = List.of(address("646464c8"), address("a83f8110"), address("c00000c0"));
    /// IPv6 networks by their first bytes: AWS (fd00:ec2::/32).
    private static final List<byte[]> NETWORKS = List.of(address("fd000ec2"));
    /// Single IPv6 addresses: Google Cloud (fd20:ce::254) and Scaleway (fd00:42::42).
    private static final List<byte[]> IPV6 =
            List.of(address("fd2000ce000000000000000000000254"), address("fd000042000000000000000000000042"));

    private MetadataAddress() {}

    /// Returns whether a name is one of a metadata service.
    ///
    /// @param host the name in lower case, without a dot at its end
    public static boolean isName(String host) {
        return NAMES.contains(host);
    }

    /// Returns whether an address is one of these, including one that is embedded in an IPv6 address.
    public static boolean is(InetAddress address) {
        if (address.isLinkLocalAddress() || address.isMulticastAddress() || address.isAnyLocalAddress()) return true;
        return address instanceof Inet6Address ? isIpv6(address.getAddress()) : isIpv4(address.getAddress());
    }

    private static boolean isIpv4(byte[] bytes) {
        // Some systems treat 0.0.0.0/8 as this machine. 240.0.0.0/4 belongs to no host.
        if (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0) return true;
        if (bytes[0] == (byte) 169 && bytes[1] == (byte) 254) return true;
        return IPV4.stream().anyMatch(each -> Arrays.equals(each, bytes));
    }

    private static boolean isIpv6(byte[] bytes) {
        if (IPV6.stream().anyMatch(each -> Arrays.equals(each, bytes))) return true;
        if (NETWORKS.stream().anyMatch(each -> begins(bytes, each))) return true;
        // The last four bytes may be an IPv4 address: ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d, ISATAP, and
        // NAT64 (64:ff9b::/96 and the /96 of single networks).
        var last = Arrays.copyOfRange(bytes, 12, 16);
        if (isEmbedded(last)) return true;
        // 6to4, 2002:aabb:ccdd::/48.
        if (begins(bytes, address("2002")) && isIpv4(Arrays.copyOfRange(bytes, 2, 6))) return true;
        // Teredo contains the server's address, and the client's with all bits inverted.
        if (begins(bytes, address("20010000"))) return isIpv4(Arrays.copyOfRange(bytes, 4, 8)) || isIpv4(turned(last));
        // NAT64 with a shorter prefix, 64:ff9b:1::/48: the address is around byte 8, which is zero.
        return begins(bytes, address("0064ff9b0001"))
                && (isIpv4(new byte[] {bytes[6], bytes[7], bytes[9], bytes[10]}) || isIpv4(last));
    }

    /// Returns whether these last four bytes are a metadata address. The other ranges of `isIpv4` are not checked
    /// here: many addresses end in such bytes by chance.
    private static boolean isEmbedded(byte[] last) {
        if (last[0] == (byte) 169 && last[1] == (byte) 254) return true;
        return IPV4.stream().anyMatch(each -> Arrays.equals(each, last));
    }

    private static boolean begins(byte[] bytes, byte[] with) {
        return Arrays.equals(bytes, 0, with.length, with, 0, with.length);
    }

    private static byte[] turned(byte[] bytes) {
        var turned = bytes.clone();
        for (int i = 0; i < turned.length; i++) turned[i] = (byte) ~turned[i];
        return turned;
    }

    private static byte[] address(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
