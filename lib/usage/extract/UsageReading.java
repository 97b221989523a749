package lib.usage.extract;

import lib.usage.BillingHints;
import lib.usage.Measured;
import lib.usage.Usage;

/// The usage that was read from an answer.
///
///     reader.reading(true).usage().total()   // 2140
///
/// @param usage the usage, estimated parts included
/// @param measured how the usage is known; [Measured#UNMEASURED] if the answer reports none
/// @param terms what the answer says that changes its price
/// @param id the answer's own id, empty if it has none
/// @param background whether the call runs on without its client
public record UsageReading(Usage usage, Measured measured, BillingHints terms, String id, Background background) {
    /// The state of a call that runs on without its client.
    public enum Background {
        /// The call does not: its answer is the whole answer.
        NONE,
        /// The call is not over yet.
        PENDING,
        /// The call is over.
        ENDED
    }
}
