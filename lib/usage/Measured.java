package lib.usage;

/// How the counts of a call are known.
///
///     call.measured() == Measured.UNMEASURED   // its usage says nothing, not even that it is zero
public enum Measured {
    /// The answer said them, or the call is known to cost nothing: an error without usage, a count of tokens.
    MEASURED,
    /// Some of them come from what the answer said, the rest from what was seen of it: a stream that was cut
    /// before its last event.
    ESTIMATED,
    /// The model answered, and no usage could be read from the answer. The counts are zero, and mean nothing.
    UNMEASURED
}
