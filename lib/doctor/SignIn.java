package lib.doctor;

import java.util.Optional;
import lib.agents.credential.TokenRefreshPolicy;
import lib.auth.AccessToken;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.config.AuthMode;

/// The answer to the launch's own question for a gateway token, asked once.
public sealed interface SignIn {
    /// There is a token, or none is needed.
    ///
    /// @param token empty where the gateway asks for none
    /// @param source where the next tokens come from
    record Usable(Optional<AccessToken> token, Tokens source) implements SignIn {}

    /// There is a static token, which the agent can't be launched with.
    record Unsuitable() implements SignIn {}

    /// There is no token.
    record Failed(UserError why) implements SignIn {}

    /// The identity provider did not answer in time.
    record NoAnswer() implements SignIn {}

    static SignIn of(DoctorContext context) {
        var settings = context.settings();
        if (settings.authMode() == AuthMode.TOKEN && !context.launch().agent().takesStaticToken())
            return new Unsuitable();
        try {
            var source = Tokens.of(settings, context.host(), context.http());
            // Within the window of a launch: nothing is refreshed that a launch would not refresh.
            return new Usable(source.atLeast(TokenRefreshPolicy.LONGEST.window()), source);
        } catch (UserError e) {
            return new Failed(e);
        }
    }

    /// Where tokens come from; empty where there are none.
    default Optional<Tokens> tokens() {
        return this instanceof Usable(var _, var source) ? Optional.of(source) : Optional.empty();
    }
}
