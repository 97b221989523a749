package lib.usage;

/// How exactly the token counts of a call are known.
///
///     call.measured() == Measured.UNMEASURED   // its usage says nothing, not even that it is zero
public enum Measured {
    /// The answer reported the counts, or the call is known to cost nothing, as an error without usage or a
    /// request to count tokens.
    MEASURED,
    /// Some counts come from the answer, the others are estimated from the text that passed. This is so for a
    /// stream that was broken off before its last event.
    ESTIMATED,
    /// The model answered, but its answer has no usage that could be read. The counts are zero, and mean nothing.
    UNMEASURED
}
