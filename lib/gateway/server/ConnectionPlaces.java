package lib.gateway.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import lib.gateway.exchange.TrustedProxies;

/// The places for connections: who has to go when there are too many. A sender that takes more than a share of
/// them gives up its own first, and when all are taken, so does the sender that holds the most. What is being
/// answered stays.
///
///     var places = new ConnectionPlaces(4096, proxies);
///     places.take(newcomer);   // ends the oldest silent connection of whoever opened the other 4096
public final class ConnectionPlaces {
    private final int most;
    private final TrustedProxies proxies;
    private final AtomicInteger taken = new AtomicInteger();
    /// So that nothing has to be counted while a flood comes in.
    private final ConcurrentHashMap<String, Set<WaitingConnection>> bySender = new ConcurrentHashMap<>();

    /// @param most how many there are
    /// @param proxies whose connections are many clients' together: they have no share, and come last
    public ConnectionPlaces(int most, TrustedProxies proxies) {
        this.most = most;
        this.proxies = proxies;
    }

    /// Gives a place to one that came, and ends the one that has to go for it.
    void take(WaitingConnection newcomer) {
        put(newcomer);
        toEnd(newcomer).ifPresent(connection -> {
            // Its thread may take a while to see its end, and the next newcomer needs another's place.
            leave(connection);
            connection.hangUp();
        });
    }

    /// Gives a place to one that had it already, in another guise.
    void put(WaitingConnection connection) {
        bySender.compute(connection.sender(), (_, theirs) -> {
            var all = theirs == null ? ConcurrentHashMap.<WaitingConnection>newKeySet() : theirs;
            if (all.add(connection)) taken.incrementAndGet();
            return all;
        });
    }

    /// It holds no place any more.
    void leave(WaitingConnection connection) {
        bySender.computeIfPresent(connection.sender(), (_, theirs) -> {
            if (theirs.remove(connection)) taken.decrementAndGet();
            return theirs.isEmpty() ? null : theirs;
        });
    }

    private Optional<WaitingConnection> toEnd(WaitingConnection newcomer) {
        // Where everything comes from this machine, a proxy on it may be before the gateway.
        var isMany = newcomer.address().isLoopbackAddress() || proxies.trusts(newcomer.address());
        var own = bySender.get(newcomer.sender());
        if (!isMany && own != null && own.size() > share()) return idlest(own, newcomer);
        return taken.get() <= most ? Optional.empty() : ofTheHeaviest(newcomer);
    }

    /// A quarter of them is one sender's at most.
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

    /// The one that loses least, and of several the one that has waited longest.
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
