package lib.usage.extract;

import lib.usage.BillingHints;
import lib.usage.Measured;
import lib.usage.Usage;

/// What was read from an answer.
///
///     reader.reading(true).usage().total()   // 2140
///
/// @param usage what it used, with what was estimated of it
/// @param measured how that is known; [Measured#UNMEASURED] where the answer has no usage
/// @param terms what it says that changes its price
/// @param id the answer's own, empty where it has none
/// @param background whether it is the answer to a call that runs on without its client
/// @param pending whether such a call is not over yet
public record UsageReading(
        Usage usage, Measured measured, BillingHints terms, String id, boolean background, boolean pending) {}
