package lib.gateway.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import lib.gateway.management.definition.MetadataAddress;

/// Resolves the host of an upstream. The gateway connects to exactly the returned addresses, so that they cannot
/// change between check and connection.
///
///     HostLookup.GUARDED.addresses("vllm.models.svc")   // [10.2.3.4]
public interface HostLookup {
    /// The lookup for URLs that the machine's owner chose.
    HostLookup ANYWHERE = host -> {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new ConnectException("no such host");
        }
    };

    /// The lookup for URLs that an administrator of the gateway chose. It rejects the addresses at which clouds
    /// offer the machine's credentials.
    HostLookup GUARDED = host -> {
        var all = ANYWHERE.addresses(host);
        for (var address : all) if (MetadataAddress.is(address)) throw new Forbidden();
        return all;
    };

    /// @throws Forbidden if one of the addresses must not be connected to
    /// @throws ConnectException if there is no address
    InetAddress[] addresses(String host) throws IOException;

    /// Signals that a host has an address that no request may reach.
    final class Forbidden extends IOException {
        /// The reason, for a message that names the URL first.
        public static final String WHY = "resolves to a metadata address of a cloud, or not to a host";

        Forbidden() {
            super("the host " + WHY);
        }
    }
}
