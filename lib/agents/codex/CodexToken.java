package lib.agents.codex;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import lib.agents.credential.AgentCredential;
import lib.agents.credential.HelperCommand;
import lib.agents.credential.TokenRefreshPolicy;
import lib.agents.process.RunningProcess;
import lib.auth.Tokens;
import lib.base.Host;
import lib.base.Secret;
import lib.config.Settings;

/// How Codex comes by the gateway token.
///
///     CodexToken.of(tokens, settings, false, host)   // Command[words=[/usr/bin/env, …, auth, token, …],
/// interval=PT5M]
public sealed interface CodexToken {
    /// A command that prints a fresh token. Codex starts it without a shell, gives it half a minute, and asks it
    /// again before the first request after the interval and on every 401.
    ///
    /// @param words the command line, its first word an absolute path; it is written to disk, so nothing secret
    ///     is in it
    /// @param interval how long one answer is used
    record Command(List<String> words, Duration interval) implements CodexToken {
        /// What is planned where no token has been seen.
        static Command tentative(Settings settings, Host host) {
            return new Command(
                    HelperCommand.pinnedWords(settings, TokenRefreshPolicy.LONGEST.window(), Optional.empty(), host),
                    TokenRefreshPolicy.LONGEST.interval());
        }
    }

    /// One token for the whole session, in a variable of Codex's process.
    record Variable(Secret token) implements CodexToken {}

    /// What a launch gives Codex, from the token that is good now.
    ///
    /// @param lasting whether its home stays when the session is over
    /// @throws lib.UserError when there is no usable token
    static CodexToken of(Tokens tokens, Settings settings, boolean lasting, Host host) {
        var token = tokens.atLeast(TokenRefreshPolicy.LONGEST.window());
        if (token.isEmpty() || !tokens.renewable())
            return new Variable(AgentCredential.fixed(tokens, host, false).token());
        var renewal = TokenRefreshPolicy.of(token.get());
        // The config of a home that stays is written anew by the next launch, which may be beside this one.
        var session = lasting ? Optional.<RunningProcess>empty() : RunningProcess.current();
        return new Command(HelperCommand.pinnedWords(settings, renewal.window(), session, host), renewal.interval());
    }

    /// What `--print-config` shows: the same without asking anyone for a token.
    static CodexToken unasked(Settings settings, Host host) {
        return switch (settings.authMode()) {
            case DEVICE, RPK -> Command.tentative(settings, host);
            case TOKEN, NONE -> new Variable(new Secret(AgentCredential.PLACEHOLDER));
        };
    }
}
