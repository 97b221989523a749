package lib.usage.report;

import java.util.Locale;
import java.util.function.ToLongFunction;
import lib.usage.Usage;
import lib.usage.pricing.Cost;

/// The kinds of tokens that have a price of their own. Every token is of one of them; reasoning is a part of the
/// output.
///
///     TokenKind.CACHED_INPUT.tokens(usage)
public enum TokenKind {
    INPUT(Usage::input, Cost::input),
    CACHED_INPUT(Usage::cachedInput, Cost::cachedInput),
    CACHE_WRITE_5M(Usage::cacheWrite5m, Cost::cacheWrite5m),
    CACHE_WRITE_1H(Usage::cacheWrite1h, Cost::cacheWrite1h),
    OUTPUT(Usage::output, Cost::output);

    private final ToLongFunction<Usage> tokens;
    private final ToLongFunction<Cost> cost;

    TokenKind(ToLongFunction<Usage> tokens, ToLongFunction<Cost> cost) {
        this.tokens = tokens;
        this.cost = cost;
    }

    /// How many of that usage are of this kind.
    public long tokens(Usage usage) {
        return tokens.applyAsLong(usage);
    }

    /// How much of that cost is theirs, in microcents.
    public long cost(Cost cost) {
        return this.cost.applyAsLong(cost);
    }

    /// As it is written: `cached_input`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What is of this kind in those sums, and no requests: each has tokens of several kinds.
    public UsageTotals only(UsageTotals sums) {
        long tokens = tokens(sums.tokens()), cost = cost(sums.cost());
        return new UsageTotals(
                UsageTotals.Counts.NONE,
                UsageTotals.Unknown.NONE,
                switch (this) {
                    case INPUT -> new Usage(tokens, 0, 0, 0, 0, 0);
                    case CACHED_INPUT -> new Usage(0, 0, tokens, 0, 0, 0);
                    case CACHE_WRITE_5M -> new Usage(0, 0, 0, tokens, 0, 0);
                    case CACHE_WRITE_1H -> new Usage(0, 0, 0, 0, tokens, 0);
                    case OUTPUT -> new Usage(0, tokens, 0, 0, 0, sums.tokens().reasoning());
                },
                switch (this) {
                    case INPUT -> new Cost(cost, 0, 0, 0, 0);
                    case CACHED_INPUT -> new Cost(0, 0, cost, 0, 0);
                    case CACHE_WRITE_5M -> new Cost(0, 0, 0, cost, 0);
                    case CACHE_WRITE_1H -> new Cost(0, 0, 0, 0, cost);
                    case OUTPUT -> new Cost(0, cost, 0, 0, 0);
                });
    }
}
