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

/// The way in which Codex gets the gateway token.
///
///     CodexToken.of(tokens, settings, false, host)
///     // Command[words=[/usr/bin/env, …, auth, token, …], interval=PT5M]
public sealed interface CodexToken {
    /// A command that prints a fresh token. Codex starts it without a shell, gives it half a minute, and runs
    /// it again before the first request after the interval and on every 401.
    ///
    /// @param words the command line; its first word is an absolute path. It is written to disk, so it contains
    ///     no secret
    /// @param interval the time for which one answer is used
    record Command(List<String> words, Duration interval) implements CodexToken {
        /// The command for a plan without a token.
        static Command tentative(Settings settings, Host host) {
            return new Command(
                    HelperCommand.pinnedWords(settings, TokenRefreshPolicy.LONGEST.window(), Optional.empty(), host),
                    TokenRefreshPolicy.LONGEST.interval());
        }
    }

    /// One token for the whole session, in a variable of Codex's process.
    record Variable(Secret token) implements CodexToken {}

    /// Chooses the way from the current token.
    ///
    /// @param lasting whether Codex's home stays after the session
    /// @throws lib.base.UserError when there is no usable token
    static CodexToken of(Tokens tokens, Settings settings, boolean lasting, Host host) {
        var token = tokens.atLeast(TokenRefreshPolicy.LONGEST.window());
        if (token.isEmpty() || !tokens.renewable())
            return new Variable(AgentCredential.fixed(tokens, host, false).token());
        var renewal = TokenRefreshPolicy.of(token.get());
        // The next launch rewrites the config of a lasting home, and may run at the same time as this one.
        var session = lasting ? Optional.<RunningProcess>empty() : RunningProcess.current();
        return new Command(HelperCommand.pinnedWords(settings, renewal.window(), session, host), renewal.interval());
    }

    /// The same for `--print-config`, without requesting a token.
    static CodexToken unasked(Settings settings, Host host) {
        return switch (settings.authMode()) {
            case DEVICE, RPK -> Command.tentative(settings, host);
            case TOKEN, NONE -> new Variable(new Secret(AgentCredential.PLACEHOLDER));
        };
    }
}
