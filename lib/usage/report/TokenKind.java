package lib.usage.report;

import java.util.Locale;
import java.util.function.ToLongFunction;
import lib.usage.Usage;
import lib.usage.pricing.Cost;

/// The kinds of tokens that have different prices. Every token has exactly one of them; reasoning is part of the
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

    /// Returns the number of tokens of this kind.
    public long tokens(Usage usage) {
        return tokens.applyAsLong(usage);
    }

    /// Returns the cost of the tokens of this kind, in microcents.
    public long cost(Cost cost) {
        return this.cost.applyAsLong(cost);
    }

    /// Returns the kind as JSON has it, such as `cached_input`.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the tokens of this kind in `sums` and their cost. The number of requests is left out, because each
    /// has tokens of several kinds.
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
