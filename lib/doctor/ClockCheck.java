package lib.doctor;

import java.time.Duration;
import java.time.Instant;

/// This machine's clock against the gateway's `Date`. A token is renewed a minute before its end: a clock that is
/// wrong by more hands out dead ones, or renews good ones all the time.
final class ClockCheck {
    static final String NAME = "clock";

    private static final Duration AGREES = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofSeconds(60);

    private ClockCheck() {}

    /// @param here this machine's time
    /// @param there the gateway's, to the second
    static CheckResult of(Instant here, Instant there, Platform platform) {
        var ahead = Duration.between(there, here);
        var off = ahead.abs();
        // To the nearest minute, since the date comes in whole seconds and took its time.
        var found = "%s %s the gateway's"
                .formatted(
                        SignInCheck.spoken(off.compareTo(MOST) > 0 ? off.plusSeconds(30) : off),
                        ahead.isNegative() ? "behind" : "ahead of");
        if (off.compareTo(MOST) > 0) return CheckResult.failed(NAME, found, platform.setClock());
        return CheckResult.ok(NAME, off.compareTo(AGREES) <= 0 ? "agrees with the gateway's" : found);
    }
}
