package lib.usage;

/// The tokens that a call used, by the kinds that have different prices.
///
///     new Usage(1200, 40, 900, 0, 0, 0).total()   // 2140
///
/// @param input input tokens that were neither read from the upstream's cache nor written to it
/// @param output output tokens, including reasoning
/// @param cachedInput input tokens that were read from the upstream's cache
/// @param cacheWrite5m input tokens that were written to the cache for five minutes
/// @param cacheWrite1h input tokens that were written to the cache for an hour
/// @param reasoning the part of the output that was reasoning, if the upstream reports it
public record Usage(long input, long output, long cachedInput, long cacheWrite5m, long cacheWrite1h, long reasoning) {
    /// A thousand times as many tokens as a real call has. An upstream that reports more must not make a sum
    /// overflow.
    private static final long MOST_BELIEVABLE = 1_000_000_000;
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

    /// Returns the number of all tokens.
    public long total() {
        return input + output + cachedInput + cacheWrite5m + cacheWrite1h;
    }

    /// Adds two counts.
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                output + other.output,
                cachedInput + other.cachedInput,
                cacheWrite5m + other.cacheWrite5m,
                cacheWrite1h + other.cacheWrite1h,
                reasoning + other.reasoning);
    }

    /// Returns `tokens`, but no more than one call can have: a thousand million.
    public static long believable(long tokens) {
        return Math.min(tokens, MOST_BELIEVABLE);
    }

    /// Returns the part of the input that came from the cache, from 0 to 1; 0 if there was no input.
    public double cacheHitRatio() {
        var all = input + cachedInput + cacheWrite5m + cacheWrite1h;
        return all == 0 ? 0 : (double) cachedInput / all;
    }
}
