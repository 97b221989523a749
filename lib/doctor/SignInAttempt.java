package lib.doctor;

import java.net.URI;
import java.util.Optional;
import lib.agents.TokenRefreshPolicy;
import lib.auth.Tokens;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.doctor.network.FailurePoint;
import lib.http.ProxyVariables;
import lib.http.Unreachable;

/// The launch's own question for a token, asked once.
///
/// @param check what to say of it
/// @param tokens where the next ones come from; empty where there are none
record SignInAttempt(CheckResult check, Optional<Tokens> tokens) {

    static SignInAttempt of(DoctorContext subject) {
        var settings = subject.settings();
        // Which of the two a static token came from decides what mends it.
        var variable = subject.host()
                .variable("RPAI_TOKEN")
                .map(String::strip)
                .equals(settings.token().map(Secret::reveal));
        if (subject.launch().agent().isCodex() && settings.authMode() == AuthMode.TOKEN) {
            return new SignInAttempt(
                    SignInCheck.notForCodex(variable, subject.launch(), subject.platform()), Optional.empty());
        }
        try {
            var tokens = Tokens.of(settings, subject.host(), subject.http());
            // In the window of a launch: nothing is renewed that it would not renew.
            var token = tokens.atLeast(TokenRefreshPolicy.LONGEST.window());
            return new SignInAttempt(
                    SignInCheck.of(token, settings, subject.host().clock().instant(), subject.zone()),
                    Optional.of(tokens));
        } catch (UserError e) {
            return new SignInAttempt(
                    SignInCheck.failed(e, settings, way(e, subject), variable, subject.launch(), subject.platform()),
                    Optional.empty());
        }
    }

    static SignInAttempt late(DoctorContext subject) {
        return new SignInAttempt(
                CheckResult.failed(
                        SignInCheck.NAME,
                        "the identity provider did not answer within %d s"
                                .formatted(subject.patience().toSeconds()),
                        subject.launch().later(60)),
                Optional.empty());
    }

    /// What mends the way to the identity provider, where it could not be reached.
    private static Optional<String> way(UserError e, DoctorContext subject) {
        if (!(e instanceof Unreachable unreachable)) return Optional.empty();
        var issuer = URI.create(subject.settings().cloud().issuer());
        var proxy = ProxyVariables.of(subject.host()).proxyFor(issuer);
        return Optional.of(
                switch (FailurePoint.of(unreachable.reason(), proxy.isPresent())) {
                    case PROXY ->
                        ProxyCheck.mend(
                                unreachable.reason(),
                                issuer.getScheme(),
                                issuer.getHost(),
                                proxy.orElse("HOST:PORT"),
                                subject.host().env(),
                                subject.platform());
                    case TLS -> TlsCheck.trust(TlsCheck.bundleFor(issuer, subject), subject.platform());
                    case DNS, SERVER -> subject.launch().later(60);
                });
    }
}
