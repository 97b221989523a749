package lib.gateway.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import lib.gateway.management.definition.MetadataAddress;

/// How the addresses of an upstream's host are found. What it returns is what is connected to, so that nothing
/// can change between a look and a connection.
///
///     HostLookup.GUARDED.addresses("vllm.models.svc")   // [10.2.3.4]
public interface HostLookup {
    /// For URLs that the machine's owner named.
    HostLookup ANYWHERE = host -> {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new ConnectException("no such host");
        }
    };

    /// For URLs that an administrator of the gateway named: never an address at which a cloud keeps the machine's
    /// credentials.
    HostLookup GUARDED = host -> {
        var all = ANYWHERE.addresses(host);
        for (var address : all) if (MetadataAddress.is(address)) throw new Forbidden();
        return all;
    };

    /// @throws Forbidden where one of them must not be connected to
    /// @throws ConnectException where there is none
    InetAddress[] addresses(String host) throws IOException;

    /// That a host leads where no request may go.
    final class Forbidden extends IOException {
        /// For a message that names the URL before it.
        public static final String WHY =
                "leads to an address at which clouds keep the credentials of machines, or to no host at all";

        Forbidden() {
            super("the host " + WHY);
        }
    }
}
