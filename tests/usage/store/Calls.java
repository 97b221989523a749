package tests.usage.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lib.usage.BillingHints;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;

/// Calls of a team, for tests.
final class Calls {
    private static final List<String> MODELS =
            List.of("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5-20251001", "a-model-without-a-price");

    private Calls() {}

    static Call call(Instant time, String model, String caller, String session, Usage usage) {
        return new Call(
                time,
                new Call.Origin(caller, "claude-code", session),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(200, Duration.ofMillis(900), Optional.of(Duration.ofMillis(300)), true),
                Call.Consumption.of(usage));
    }

    static Call call(
            Instant time,
            String model,
            String caller,
            String session,
            Usage usage,
            Measured measured,
            BillingHints terms) {
        return new Call(
                time,
                new Call.Origin(caller, "claude-code", session),
                new Call.Destination("anthropic", "anthropic", model),
                new Call.Outcome(200, Duration.ofMillis(900), Optional.of(Duration.ofMillis(300)), true),
                new Call.Consumption(usage, measured, terms, Usage.NONE));
    }

    /// One of `callers` people's, at any time from `from` on, within `length`.
    static Call any(Random random, Instant from, Duration length, int callers) {
        var caller = "user-%03d@example.com".formatted(random.nextInt(callers));
        var usage = new Usage(
                random.nextInt(3000),
                random.nextInt(2000),
                random.nextInt(20_000),
                random.nextInt(500),
                random.nextInt(100),
                random.nextInt(2) == 0 ? 0 : 7);
        var failed = random.nextInt(20) == 0;
        return new Call(
                from.plusMillis(random.nextLong(length.toMillis())),
                new Call.Origin(
                        caller, random.nextBoolean() ? "claude-code" : "codex", caller + "-" + random.nextInt(3)),
                new Call.Destination(
                        random.nextInt(3) == 0 ? "bedrock" : "anthropic",
                        "anthropic",
                        MODELS.get(random.nextInt(MODELS.size()))),
                new Call.Outcome(
                        failed ? 529 : 200,
                        Duration.ofMillis(random.nextInt(60_000)),
                        failed ? Optional.empty() : Optional.of(Duration.ofMillis(random.nextInt(3000))),
                        random.nextInt(30) > 0),
                Call.Consumption.of(failed ? Usage.NONE : usage));
    }
}
