package lib.usage;

/// What one call used, in tokens by the kind that has a price of its own.
///
///     new Usage(1200, 40, 900, 0, 0, 0).total()   // 2140
///
/// @param input input that no cache knew
/// @param output output, reasoning included
/// @param cachedInput input read from the upstream's cache
/// @param cacheWrite5m input written to it for five minutes
/// @param cacheWrite1h input written to it for an hour
/// @param reasoning how much of the output was reasoning, where the upstream says
public record Usage(long input, long output, long cachedInput, long cacheWrite5m, long cacheWrite1h, long reasoning) {
    /// A thousand times what any call has: an upstream that says more may not make a sum overflow.
    private static final long MOST_BELIEVABLE = 1_000_000_000;
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

    /// All of it.
    public long total() {
        return input + output + cachedInput + cacheWrite5m + cacheWrite1h;
    }

    /// Both together.
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input,
                output + other.output,
                cachedInput + other.cachedInput,
                cacheWrite5m + other.cacheWrite5m,
                cacheWrite1h + other.cacheWrite1h,
                reasoning + other.reasoning);
    }

    /// As many tokens of a kind as one call can have: no more than a thousand million.
    public static long believable(long tokens) {
        return Math.min(tokens, MOST_BELIEVABLE);
    }

    /// How much of the input came from the cache, 0 to 1; 0 where there was none.
    public double cacheHitRatio() {
        var all = input + cachedInput + cacheWrite5m + cacheWrite1h;
        return all == 0 ? 0 : (double) cachedInput / all;
    }
}
