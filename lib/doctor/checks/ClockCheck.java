package lib.doctor.checks;

import java.time.Duration;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.network.Route.Outcome.Answered;

/// Whether this machine's clock agrees with the gateway's `Date` header. A token is refreshed a minute before its
/// end: a clock that is wrong by more uses expired tokens, or refreshes good ones all the time.
final class ClockCheck implements DoctorCheck {
    private static final Duration AGREES = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Result run(DoctorContext context) {
        if (!(context.route().route().outcome() instanceof Answered answered)
                || answered.timing().date().isEmpty()) return Result.skipped("the gateway did not send the time");
        var ahead = Duration.between(
                answered.timing().date().get(), answered.timing().receivedAt());
        var difference = ahead.abs();
        var wrong = difference.compareTo(LIMIT) > 0;
        // Rounded to minutes: the header has whole seconds, and took some time to arrive.
        var found = "%s %s the gateway's"
                .formatted(
                        ApproximateDuration.of(wrong ? difference.plusSeconds(30) : difference),
                        ahead.isNegative() ? "behind" : "ahead of");
        if (wrong) return Result.failed(found, context.platform().setClock());
        return Result.ok(difference.compareTo(AGREES) <= 0 ? "agrees with the gateway's" : found);
    }
}
