package lib.gateway.state;

import java.time.Duration;

/// How current the snapshot is by which a gateway with its state in PostgreSQL serves requests.
///
///     state.freshness().filter(Freshness::isStale)   // requests are refused
///
/// @param age the time since the snapshot was last known to be current, by a clock that nobody sets
/// @param isAway whether the database does not answer
/// @param limit the age up to which requests are served
public record Freshness(Duration age, boolean isAway, Duration limit) {
    /// Returns whether the snapshot is too old to serve requests by.
    public boolean isStale() {
        return age.compareTo(limit) > 0;
    }
}
