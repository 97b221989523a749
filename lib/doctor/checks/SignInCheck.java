package lib.doctor.checks;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import lib.auth.AccessToken;
import lib.auth.SignedOut;
import lib.base.ErrorCode;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.config.Settings;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.SignIn;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.TrustStores;
import lib.http.ProxyVariables;
import lib.http.Unreachable;

/// Whether there is a gateway token, whose it is, and until when it is valid.
final class SignInCheck implements DoctorCheck {
    @Override
    public String name() {
        return "sign-in";
    }

    @Override
    public Result run(DoctorContext context) {
        return switch (context.signIn()) {
            case SignIn.Usable(var token, var _) -> Result.ok(token(token, context));
            case SignIn.Unsuitable _ ->
                Result.failed(
                        "a static token cannot be used with %s, which requests fresh ones"
                                .formatted(context.launch().agent().binary().title()),
                        isFromVariable(context)
                                ? context.platform().unset("RPAI_TOKEN")
                                : context.launch().localCommand("auth login") + ", and omit --token");
            case SignIn.NoAnswer _ ->
                Result.failed(
                        "the identity provider did not answer within %d s"
                                .formatted(context.patience().toSeconds()),
                        context.launch().doctorLater(60));
            case SignIn.Failed(SignedOut signedOut) ->
                Result.failed(signedOut.why(), context.launch().localCommand("auth login"));
            case SignIn.Failed(Unreachable unreachable) ->
                Result.failed(unreachable.getMessage(), networkStep(unreachable.reason(), context));
            case SignIn.Failed(var why) -> Result.failed(why.getMessage(), step(why, context));
        };
    }

    private static String token(Optional<AccessToken> token, DoctorContext context) {
        var settings = context.settings();
        if (token.isEmpty())
            return "not needed here (auth_mode %s)"
                    .formatted(settings.authMode().label());
        return "%s, %s"
                .formatted(
                        owner(token.get(), settings),
                        token.get().expiresAt().map(end -> until(end, context)).orElse("its expiry is unknown"));
    }

    private static String owner(AccessToken token, Settings settings) {
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

    private static String until(Instant end, DoctorContext context) {
        var now = context.host().clock().instant();
        var zone = context.machine().zone();
        var today = LocalDate.ofInstant(end, zone).equals(LocalDate.ofInstant(now, zone));
        return "until %s (in %s)"
                .formatted(
                        DateTimeFormatter.ofPattern(today ? "HH:mm" : "yyyy-MM-dd HH:mm", Locale.ROOT)
                                .withZone(zone)
                                .format(end),
                        ApproximateDuration.of(Duration.between(now, end)));
    }

    private static String step(UserError why, DoctorContext context) {
        var settings = context.settings();
        var platform = context.platform();
        if (why.is(ErrorCode.WRONG_CLOCK)) return platform.setClock();
        if (settings.authMode() == AuthMode.TOKEN)
            return isFromVariable(context) || settings.token().isEmpty()
                    ? platform.export("RPAI_TOKEN", "NEW_TOKEN")
                    : "pass a new token with --token";
        if (why.is(ErrorCode.SERVICE_ACCOUNT_REFUSED))
            return platform.export("RPAI_SERVICE_ACCOUNT_SECRET", "NEW_SECRET");
        return context.launch().nextStep(why.remedy());
    }

    /// The step that opens the way to the identity provider.
    private static String networkStep(Unreachable.Reason reason, DoctorContext context) {
        var issuer = URI.create(context.settings().cloud().issuer());
        var proxy = ProxyVariables.of(context.host()).proxyFor(issuer);
        return switch (FailurePoint.of(reason, proxy.isPresent())) {
            case PROXY -> ProxyCheck.step(reason, issuer, proxy.orElse("HOST:PORT"), context);
            case TLS -> context.platform().trust(TrustStores.bundleFor(issuer, context.host(), context.callPatience()));
            case DNS, SERVER -> context.launch().doctorLater(60);
        };
    }

    /// Whether the static token came from `RPAI_TOKEN`; else it came from a flag.
    private static boolean isFromVariable(DoctorContext context) {
        return context.host()
                .variable("RPAI_TOKEN")
                .map(String::strip)
                .equals(context.settings().token().map(Secret::reveal));
    }
}
