package lib.gateway.server;

/// Counts how long the gateway waits for a client. On a busy machine the gateway's threads may run seconds late,
/// and read late what the client sent in time. The thread that counts is then late as well. Therefore each of its
/// turns counts for at most the regular time between two turns.
///
///     if (delay.count(turn, beginningOfTheWait) > limit) hangUp();
///
/// Only the thread that takes the turns uses it.
final class ClientDelay {
    private long since;
    private long counted;

    /// One look at all clients.
    ///
    /// @param now the time, as in [System#nanoTime]
    /// @param length the time in nanoseconds since the previous look, but at most the regular time between two
    record Turn(long now, long length) {
        /// Returns the turn that follows after a look at `previous`.
        ///
        /// @param regular the regular time between two turns
        static Turn after(long previous, long now, long regular) {
            return new Turn(now, Math.min(now - previous, regular));
        }
    }

    /// Counts a turn, and returns the nanoseconds that were counted for this wait.
    ///
    /// @param start the start of the wait; a new start begins a new count
    long count(Turn turn, long start) {
        if (start != since) counted = 0;
        since = start;
        counted += Math.clamp(turn.now - start, 0, turn.length);
        return counted;
    }
}
