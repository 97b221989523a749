package lib.gateway.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    /// Returns how long connections to an address are used while the name does not have it any more. The JDK keeps
    /// an answer for 30 s, which adds to it.
    default Duration validity() {
        return Duration.ofSeconds(20);
    }

    /// @throws Forbidden if one of the addresses must not be connected to
    /// @throws ConnectException if there is no address
    InetAddress[] addresses(String host) throws IOException;

    /// The lookup of one host that remembers which addresses the name has had lately.
    ///
    /// The rule for open connections: the name is looked up several times within [HostLookup#validity], and a
    /// connection is not used any more when no lookup has returned its address for that long. Many names have
    /// more addresses than one lookup returns, so that a single lookup decides nothing. If lookups fail,
    /// connections stay in use, because they work.
    ///
    ///     var addresses = new HostLookup.Recent("api.anthropic.com", HostLookup.ANYWHERE);
    ///     addresses.refresh(System.nanoTime());
    ///     addresses.has(socket.getInetAddress())
    final class Recent implements HostLookup {
        private static final int LOOKUPS = 4;

        private final String host;
        private final HostLookup lookup;
        /// When each address was last returned, as [System#nanoTime].
        private final Map<InetAddress, Long> returned = new ConcurrentHashMap<>();
        private volatile long tried = System.nanoTime();
        private volatile long latest = tried;

        Recent(String host, HostLookup lookup) {
            this.host = host;
            this.lookup = lookup;
        }

        String host() {
            return host;
        }

        @Override
        public InetAddress[] addresses(String host) throws IOException {
            var all = lookup.addresses(host);
            long now = System.nanoTime();
            for (var address : all) returned.put(address, now);
            latest = now;
            return all;
        }

        /// Looks the name up if it is time.
        void refresh(long now) {
            if (now - tried < lookup.validity().toNanos() / LOOKUPS) return;
            tried = now;
            try {
                addresses(host);
                returned.values().removeIf(this::isOld);
            } catch (HostLookup.Forbidden e) {
                returned.clear();
            } catch (IOException e) {
                // There may be no name server for a while.
            }
        }

        boolean has(InetAddress address) {
            var then = returned.get(address);
            return then != null && !isOld(then);
        }

        private boolean isOld(long then) {
            return latest - then > lookup.validity().toNanos();
        }
    }

    /// Signals that a host has an address that no request may reach.
    final class Forbidden extends IOException {
        /// The reason, for a message that names the URL first.
        public static final String WHY = "resolves to a metadata address of a cloud, or not to a host";

        Forbidden() {
            super("the host " + WHY);
        }
    }
}
