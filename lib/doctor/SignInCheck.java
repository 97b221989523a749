package lib.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import lib.auth.AccessToken;
import lib.auth.SignedOut;
import lib.base.ErrorCode;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.config.Settings;

/// Whether there is a gateway token, whose it is, and until when.
final class SignInCheck {
    static final String NAME = "sign-in";

    private SignInCheck() {}

    /// There is one, or none is needed.
    static CheckResult of(Optional<AccessToken> token, Settings settings, Instant now, ZoneId zone) {
        if (token.isEmpty())
            return CheckResult.ok(
                    NAME,
                    "not needed here (auth_mode %s)"
                            .formatted(settings.authMode().label()));
        return CheckResult.ok(
                NAME,
                "%s, %s"
                        .formatted(
                                who(token.get(), settings),
                                token.get()
                                        .expiresAt()
                                        .map(end -> until(end, now, zone))
                                        .orElse("it does not say until when")));
    }

    /// There is none.
    ///
    /// @param way what stands in the way to the identity provider, where it did not answer
    /// @param variable whether the static token came from `RPAI_TOKEN`
    static CheckResult failed(
            UserError e,
            Settings settings,
            Optional<String> way,
            boolean variable,
            InspectedLaunch launch,
            Platform platform) {
        if (e instanceof SignedOut signedOut)
            return CheckResult.failed(NAME, signedOut.why(), launch.plain("auth login"));
        return CheckResult.failed(
                NAME, e.getMessage(), way.orElseGet(() -> mend(e, settings, variable, launch, platform)));
    }

    /// A static token is nothing that Codex could be given.
    static CheckResult notForCodex(boolean variable, InspectedLaunch launch, Platform platform) {
        return CheckResult.failed(
                NAME,
                "a static token does not go with Codex, which asks for fresh ones",
                variable ? platform.unset("RPAI_TOKEN") : launch.plain("auth login") + ", and leave --token out");
    }

    private static String mend(
            UserError e, Settings settings, boolean variable, InspectedLaunch launch, Platform platform) {
        if (e.is(ErrorCode.WRONG_CLOCK)) return platform.setClock();
        if (settings.authMode() == AuthMode.TOKEN)
            return variable || settings.token().isEmpty()
                    ? platform.export("RPAI_TOKEN", "NEW_TOKEN")
                    : "pass a new token with --token";
        if (e.is(ErrorCode.SERVICE_ACCOUNT_REFUSED))
            return platform.export("RPAI_SERVICE_ACCOUNT_SECRET", "NEW_SECRET");
        return launch.step(e.remedy());
    }

    private static String who(AccessToken token, Settings settings) {
        var name = token.email().or(token::organization);
        return switch (settings.authMode()) {
            case TOKEN -> "a static token" + name.map(n -> " of " + n).orElse("");
            case RPK -> name.orElse("signed in") + " (by rpk)";
            case DEVICE, NONE ->
                settings.serviceAccount()
                        .map(account -> "service account " + account.id())
                        .or(() -> name)
                        .orElse("signed in");
        };
    }

    private static String until(Instant end, Instant now, ZoneId zone) {
        var pattern =
                LocalDate.ofInstant(end, zone).equals(LocalDate.ofInstant(now, zone)) ? "HH:mm" : "yyyy-MM-dd HH:mm";
        return "until %s (in %s)"
                .formatted(
                        DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                                .withZone(zone)
                                .format(end),
                        spoken(Duration.between(now, end)));
    }

    /// A time as people say it: `40 s`, `52 min`, `3 h`, `12 days`.
    static String spoken(Duration time) {
        if (time.toMinutes() < 2) return time.toSeconds() + " s";
        if (time.toMinutes() < 120) return time.toMinutes() + " min";
        return time.toHours() < 48 ? time.toHours() + " h" : time.toDays() + " days";
    }
}
