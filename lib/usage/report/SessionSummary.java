package lib.usage.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import lib.usage.Call;
import lib.usage.Usage;
import lib.usage.pricing.Prices;

/// Sums up the calls of a session in one line.
///
///     SessionSummary.of(calls, Prices.list())
///     // 14 requests, 412k tokens, $0.83, 91% of the input from the cache
public final class SessionSummary {
    /// The prompt length below which a prompt may be too short for the upstream to cache.
    private static final long SHORT = 4096;
    private static final int STREAK = 3;
    private static final double HITS = 0.5;
    private static final double MISSES = 0.1;

    private SessionSummary() {}

    /// @param calls the calls, in the order in which they ended
    /// @return empty if there were no calls
    public static Optional<String> of(List<Call> calls, Prices prices) {
        if (calls.isEmpty()) return Optional.empty();
        var sums = calls.stream()
                .map(call -> UsageTotals.of(call, prices.cost(call)))
                .reduce(UsageTotals.NONE, UsageTotals::plus);
        var parts = new ArrayList<String>();
        parts.add(sums.requests() == 1 ? "1 request" : sums.requests() + " requests");
        if (sums.failed() > 0) parts.add(sums.failed() + " failed");
        parts.add(NumberFormat.tokens(sums.tokens().total()) + " tokens");
        parts.add(cost(
                sums, calls.stream().filter(call -> call.usage().total() > 0).count()));
        if (sums.unmeasured() > 0) parts.add(sums.unmeasured() + " not measured");
        if (sums.estimated() > 0) parts.add(sums.estimated() + " estimated");
        if (prompt(sums.tokens()) > 0)
            parts.add(NumberFormat.percent(sums.tokens().cacheHitRatio()) + " of the input from the cache");
        return Optional.of(String.join(", ", parts)
                + stopped(calls).map(note -> "; " + note).orElse(""));
    }

    /// @param used the number of calls that are known to have used tokens
    private static String cost(UsageTotals sums, long used) {
        var noPrice = sums.unpriced() - sums.unmeasured();
        if (sums.free() == sums.requests()) return "free (demo model)";
        if (used > 0 && noPrice == used) return "no known price";
        if (used == 0 && sums.unmeasured() > 0) return "cost unknown";
        return NumberFormat.dollars(sums.cost().total())
                + (noPrice == 0 ? "" : " and %d without a known price".formatted(noPrice));
    }

    /// Finds out whether the prompt cache stopped working during the session. One call that misses the cache is
    /// normal: the user paused for long, or the agent shortened the prompt. If several calls in a row miss it,
    /// after others have hit it, something at the beginning of the prompt changes with each call, and the input
    /// costs ten times as much.
    private static Optional<String> stopped(List<Call> calls) {
        record Prompt(int number, double ratio) {}
        var byModel = new LinkedHashMap<String, List<Prompt>>();
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            if (prompt(call.usage()) >= SHORT)
                byModel.computeIfAbsent(call.model(), _ -> new ArrayList<>())
                        .add(new Prompt(i + 1, call.usage().cacheHitRatio()));
        }
        for (var model : byModel.entrySet()) {
            var all = model.getValue();
            int first = all.size();
            while (first > 0 && all.get(first - 1).ratio() < MISSES) first--;
            if (all.size() - first >= STREAK && all.subList(0, first).stream().anyMatch(call -> call.ratio() >= HITS)) {
                return Optional.of("the prompt cache was no longer used from request %d (%s)"
                        .formatted(all.get(first).number(), model.getKey()));
            }
        }
        return Optional.empty();
    }

    private static long prompt(Usage usage) {
        return usage.input() + usage.cachedInput() + usage.cacheWrite5m() + usage.cacheWrite1h();
    }
}
