package lib.agents.codex;

import java.time.Duration;
import java.util.List;
import lib.Host;
import lib.Secret;
import lib.agents.HelperCommand;
import lib.agents.Renewal;
import lib.agents.TokenSource;
import lib.auth.Tokens;
import lib.config.Settings;

/// How Codex comes by the gateway token.
///
///     CodexToken.of(tokens, settings, host)   // Command[words=[/usr/bin/env, …, auth, token, …], interval=PT5M]
public sealed interface CodexToken {
    /// A command that prints a fresh token. Codex starts it without a shell, gives it five seconds, and asks it again
    /// before the first request after the interval and on every 401.
    ///
    /// @param words the command line, its first word an absolute path; it is written to disk, so nothing secret is in it
    /// @param interval how long one answer is used
    record Command(List<String> words, Duration interval) implements CodexToken {
        /// What is planned where no token has been seen.
        static Command tentative(Settings settings, Host host) {
            return new Command(HelperCommand.pinnedWords(settings, Renewal.LONGEST.window(), host), Renewal.LONGEST.interval());
        }
    }

    /// One token for the whole session, in a variable of Codex's process.
    record Variable(Secret token) implements CodexToken {}

    /// What a launch gives Codex, from the token that is good now.
    ///
    /// @throws lib.UserError when there is no usable token
    static CodexToken of(Tokens tokens, Settings settings, Host host) {
        var token = tokens.atLeast(Renewal.LONGEST.window());
        if (token.isEmpty() || !tokens.renewable()) return new Variable(TokenSource.fixed(tokens, host, false).token());
        var renewal = Renewal.of(token.get());
        return new Command(HelperCommand.pinnedWords(settings, renewal.window(), host), renewal.interval());
    }

    /// What `--print-config` shows: the same without asking anyone for a token.
    static CodexToken unasked(Settings settings, Host host) {
        return switch (settings.authMode()) {
            case DEVICE, RPK -> Command.tentative(settings, host);
            case TOKEN, NONE -> new Variable(new Secret(TokenSource.PLACEHOLDER));
        };
    }
}
