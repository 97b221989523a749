package lib.gateway.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import lib.gateway.exchange.TrustedProxies;

/// Limits the number of connections and chooses which one to close when there are too many. A sender that exceeds
/// its share loses its own connections first. When all places are taken, the sender with the most connections
/// loses one. Connections whose request is being answered are never closed.
///
///     var places = new ConnectionPlaces(4096, proxies);
///     places.take(newcomer);   // ends the oldest silent connection of whoever opened the other 4096
public final class ConnectionPlaces {
    private final int most;
    private final TrustedProxies proxies;
    private final AtomicInteger taken = new AtomicInteger();
    /// Grouped by sender, so that nothing needs to be counted during a flood.
    private final ConcurrentHashMap<String, Set<WaitingConnection>> bySender = new ConcurrentHashMap<>();

    /// @param most the number of places
    /// @param proxies the trusted proxies, whose connections belong to many clients: they have no share and are
    ///     closed last
    public ConnectionPlaces(int most, TrustedProxies proxies) {
        this.most = most;
        this.proxies = proxies;
    }

    /// Gives a place to a new connection, and closes another one if necessary.
    void take(WaitingConnection newcomer) {
        put(newcomer);
        toEnd(newcomer).ifPresent(connection -> {
            // The closed connection's thread may take a while to notice, and the next new connection needs
            // another place.
            leave(connection);
            connection.hangUp();
        });
    }

    /// Gives a place to a connection that had one already as another object.
    void put(WaitingConnection connection) {
        bySender.compute(connection.sender(), (_, theirs) -> {
            var all = theirs == null ? ConcurrentHashMap.<WaitingConnection>newKeySet() : theirs;
            if (all.add(connection)) taken.incrementAndGet();
            return all;
        });
    }

    /// Frees the place of a connection.
    void leave(WaitingConnection connection) {
        bySender.computeIfPresent(connection.sender(), (_, theirs) -> {
            if (theirs.remove(connection)) taken.decrementAndGet();
            return theirs.isEmpty() ? null : theirs;
        });
    }

    private Optional<WaitingConnection> toEnd(WaitingConnection newcomer) {
        // If all connections come from this machine, there may be a local proxy in front of the gateway.
        var isMany = newcomer.address().isLoopbackAddress() || proxies.trusts(newcomer.address());
        var own = bySender.get(newcomer.sender());
        if (!isMany && own != null && own.size() > share()) return idlest(own, newcomer);
        return taken.get() <= most ? Optional.empty() : ofTheHeaviest(newcomer);
    }

    /// Returns the largest share of one sender, a quarter of the places.
    private int share() {
        return Math.max(1, most / 4);
    }

    private record Sender(Set<WaitingConnection> connections, int count, boolean isTrusted) {}

    private Optional<WaitingConnection> ofTheHeaviest(WaitingConnection newcomer) {
        var senders = new ArrayList<Sender>();
        bySender.values()
                .forEach(theirs -> theirs.stream()
                        .findFirst()
                        .ifPresent(
                                one -> senders.add(new Sender(theirs, theirs.size(), proxies.trusts(one.address())))));
        senders.sort((one, other) -> one.isTrusted == other.isTrusted
                ? Integer.compare(other.count, one.count)
                : Boolean.compare(one.isTrusted, other.isTrusted));
        return senders.stream()
                .flatMap(sender -> idlest(sender.connections, newcomer).stream())
                .findFirst();
    }

    /// Returns the connection that loses least; of several, the one that has waited longest.
    @SuppressWarnings("ReferenceEquality") // the very connection
    private static Optional<WaitingConnection> idlest(
            Collection<WaitingConnection> theirs, WaitingConnection newcomer) {
        WaitingConnection found = null;
        int least = Integer.MAX_VALUE;
        for (var each : theirs) {
            int idleness = each.idleness();
            if (each == newcomer
                    || idleness < 0
                    || idleness > least
                    || idleness == least && each.since() - found.since() >= 0) continue;
            found = each;
            least = idleness;
        }
        return Optional.ofNullable(found);
    }
}
