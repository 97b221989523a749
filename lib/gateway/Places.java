package lib.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The places for connections: who has to go when there are too many. A sender that takes more than a share of them gives up
/// its own first, and when all are taken, so does the sender that holds the most. What is being answered stays.
///
///     new Places(4096, proxies).toEnd(open, newcomer)   // the silent connection of whoever opened the other 4095
///
/// @param most how many there are
/// @param proxies whose connections are many clients' together: they have no share, and come last
record Places(int most, TrustedProxies proxies) {
    /// A quarter of them is one sender's at most. Where everything comes from this machine, a proxy on it may be before the gateway.
    private int share() {
        return Math.max(1, most / 4);
    }

    /// Whether so many are enough for anyone to have to go.
    boolean isCrowded(int open) {
        return open > share();
    }

    /// Those to end now that `newcomer` came.
    ///
    /// @param open all that hold a place, the newcomer included
    List<Waiting> toEnd(Collection<? extends Waiting> open, Waiting newcomer) {
        var sender = TrustedProxies.sender(newcomer.address());
        var isMany = newcomer.address().isLoopbackAddress() || proxies.trusts(newcomer.address());
        var bySender = new HashMap<String, List<Waiting>>();
        for (var each : open) bySender.computeIfAbsent(TrustedProxies.sender(each.address()), _ -> new ArrayList<>()).add(each);
        var own = bySender.get(sender);
        if (!isMany && own != null && own.size() > share()) return idlest(own, newcomer);
        return open.size() <= most ? List.of() : ofTheHeaviest(bySender, newcomer);
    }

    private List<Waiting> ofTheHeaviest(Map<String, List<Waiting>> bySender, Waiting newcomer) {
        var senders = new ArrayList<>(bySender.values());
        senders.sort((one, other) -> {
            var trusted = Boolean.compare(proxies.trusts(one.getFirst().address()), proxies.trusts(other.getFirst().address()));
            return trusted != 0 ? trusted : Integer.compare(other.size(), one.size());
        });
        for (var theirs : senders) {
            var found = idlest(theirs, newcomer);
            if (!found.isEmpty()) return found;
        }
        return List.of();
    }

    /// The one that loses least, and of several the one that has waited longest.
    private static List<Waiting> idlest(List<Waiting> theirs, Waiting newcomer) {
        Waiting found = null;
        for (var each : theirs) {
            if (each == newcomer || each.idleness() < 0) continue;
            if (found == null || each.idleness() < found.idleness() || each.idleness() == found.idleness() && each.since() - found.since() < 0) found = each;
        }
        return found == null ? List.of() : List.of(found);
    }
}
