package tests.usage.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Prices;
import lib.usage.report.SessionSummary;
import org.junit.jupiter.api.Test;

class SessionLineTest {
    private static final Usage HIT = new Usage(100, 500, 40_000, 900, 0, 0);
    private static final Usage MISS = new Usage(100, 500, 0, 41_000, 0, 0);

    @Test
    void noCallsAreNoLine() {
        assertEquals(Optional.empty(), SessionSummary.of(List.of(), Prices.list()));
    }

    @Test
    void aSessionIsSummedUp() {
        // Opus 5.5: 100*4 + 500*20 + 41000*5 = 215,400 millionths; 100*4 + 500*20 + 40000*0.20 + 900*5 = 22,900
        assertEquals(
                "2 requests, 83.1k tokens, $0.24, 49% of the input from the cache",
                line(call("claude-opus-5-5", MISS, 200), call("claude-opus-5-5", HIT, 200)));
    }

    @Test
    void callsWithoutAPriceAreNotCalledFree() {
        assertEquals(
                "1 request, 15 tokens, no known price, 0% of the input from the cache",
                line(call("claude-demo", new Usage(10, 5, 0, 0, 0, 0), 200)));
        assertEquals(
                "2 requests, 30 tokens, $0.00014 and 1 without a known price, 0% of the input from the cache",
                line(
                        call("claude-demo", new Usage(10, 5, 0, 0, 0, 0), 200),
                        call("claude-opus-5-5", new Usage(10, 5, 0, 0, 0, 0), 200)));
    }

    @Test
    void theDemoModelIsFreeByWhateverNameItIsCalled() {
        var demo = call("claude-opus-5-5", new Usage(10, 5, 0, 0, 0, 0), 200, Call.DEMO);

        assertEquals("1 request, 15 tokens, free (demo model), 0% of the input from the cache", line(demo));
        assertEquals(
                "2 requests, 30 tokens, $0.00014, 0% of the input from the cache",
                line(demo, call("claude-opus-5-5", new Usage(10, 5, 0, 0, 0, 0), 200)));
    }

    @Test
    void unmeasuredCallsAreReportedAndNeverFree() {
        var unmeasured = measured(Usage.NONE, Measured.UNMEASURED);

        assertEquals("1 request, 0 tokens, cost unknown, 1 not measured", line(unmeasured));
        assertEquals(
                "3 requests, 30 tokens, $0.00028, 1 not measured, 1 estimated, 0% of the input from the cache",
                line(
                        unmeasured,
                        call("claude-opus-5-5", new Usage(10, 5, 0, 0, 0, 0), 200),
                        measured(new Usage(10, 5, 0, 0, 0, 0), Measured.ESTIMATED)));
    }

    private static Call measured(Usage usage, Measured measured) {
        return new Call(
                Instant.EPOCH,
                new Call.Origin("ada", "claude-code", "s"),
                new Call.Destination("p", "anthropic", "claude-opus-5-5"),
                new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                Call.Consumption.of(usage, measured));
    }

    @Test
    void failuresAreCounted() {
        assertEquals(
                "2 requests, 1 failed, 41.5k tokens, $0.02, 98% of the input from the cache",
                line(call("claude-opus-5-5", HIT, 200), call("claude-opus-5-5", Usage.NONE, 529)));
    }

    @Test
    void aCacheThatIsNoLongerUsedIsReported() {
        var calls = new ArrayList<Call>();
        for (var usage : List.of(MISS, HIT, HIT, MISS, MISS, MISS)) calls.add(call("claude-opus-5-5", usage, 200));

        assertEquals("; the prompt cache was no longer used from request 4 (claude-opus-5-5)", note(calls));
    }

    @Test
    void aPauseCausesNoNote() {
        var calls = new ArrayList<Call>();
        for (var usage : List.of(MISS, HIT, HIT, MISS, HIT, MISS, MISS)) calls.add(call("claude-opus-5-5", usage, 200));

        assertEquals("", note(calls));
    }

    @Test
    void shortSideCallsAndOtherModelsAreNoReasonForANote() {
        var calls = new ArrayList<Call>();
        for (var usage : List.of(MISS, HIT, HIT)) calls.add(call("claude-opus-5-5", usage, 200));
        for (int i = 0; i < 5; i++) calls.add(call("claude-haiku-4-5", MISS, 200));
        for (int i = 0; i < 5; i++) calls.add(call("claude-opus-5-5", new Usage(300, 20, 0, 0, 0, 0), 200));

        assertEquals("", note(calls));
    }

    private static String note(List<Call> calls) {
        var line = SessionSummary.of(calls, Prices.list()).orElseThrow();
        return line.contains(";") ? line.substring(line.indexOf(';')) : "";
    }

    private static String line(Call... calls) {
        return SessionSummary.of(List.of(calls), Prices.list()).orElseThrow();
    }

    private static Call call(String model, Usage usage, int status) {
        return call(model, usage, status, "anthropic");
    }

    private static Call call(String model, Usage usage, int status, String type) {
        return new Call(
                Instant.EPOCH,
                new Call.Origin("ada", "claude-code", "s"),
                new Call.Destination("p", type, model),
                new Call.Outcome(status, Duration.ofSeconds(1), Optional.empty(), true),
                Call.Consumption.of(usage));
    }
}
