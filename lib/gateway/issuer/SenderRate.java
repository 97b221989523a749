package lib.gateway.issuer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Limits how often each sender may ask for something: so many times at once, and one more after each interval.
///
///     var rate = new SenderRate(100, Duration.ofMillis(20), clock);
///     rate.allows("203.0.113.9")   // false if it asked too often
///
/// Each gateway counts for itself.
final class SenderRate {
    /// The number of senders that are remembered. The one that has not asked for longest is forgotten first.
    private static final int REMEMBERED = 10_000;

    private final long interval;
    private final long burst;
    private final InstantSource clock;
    /// The time at which each sender will have all its requests again, in milliseconds since 1970.
    private final Map<String, Long> ends = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// @param burst how often a sender may ask at once
    /// @param interval the time after which it may ask once more
    SenderRate(int burst, Duration interval, InstantSource clock) {
        this.interval = interval.toMillis();
        this.burst = burst * this.interval;
        this.clock = clock;
    }

    /// Counts a request, and returns whether it is within the limit.
    synchronized boolean allows(String sender) {
        var now = clock.millis();
        // A clock that was set back must not shut a sender out.
        var end = Math.clamp(ends.getOrDefault(sender, now), now, now + burst);
        var isAllowed = end + interval <= now + burst;
        ends.put(sender, isAllowed ? end + interval : end);
        return isAllowed;
    }
}
