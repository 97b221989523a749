package lib.doctor.checks;

import java.time.Duration;

/// A length of time for people.
///
///     ApproximateDuration.of(Duration.ofMinutes(52))   // 52 min
final class ApproximateDuration {
    private ApproximateDuration() {}

    /// `40 s`, `52 min`, `3 h`, `12 days`.
    static String of(Duration time) {
        if (time.toMinutes() < 2) return time.toSeconds() + " s";
        if (time.toMinutes() < 120) return time.toMinutes() + " min";
        return time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " days";
    }
}
