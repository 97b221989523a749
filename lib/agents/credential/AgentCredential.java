package lib.agents.credential;

import java.time.Duration;
import java.util.Optional;
import lib.agents.process.RunningProcess;
import lib.auth.AccessToken;
import lib.auth.Tokens;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Settings;

/// The way in which an agent gets the gateway token.
///
///     new AgentCredential.Helper("'/usr/bin/java' … auth token", Duration.ofMinutes(5))
public sealed interface AgentCredential {
    /// The key for a gateway without sign-in: agents require a key even then.
    String PLACEHOLDER = "no-sign-in-needed";

    /// The helper that prints it.
    Helper NO_SIGN_IN = new Helper("echo " + PLACEHOLDER, Duration.ofHours(24));

    /// A command that prints a fresh token. The agent runs it again and again.
    ///
    /// @param command a line for `/bin/sh`, with every word quoted and no secret in it
    /// @param interval the time for which the agent may keep one answer
    record Helper(String command, Duration interval) implements AgentCredential {}

    /// One token for the whole session, in a variable of the agent's process. It is for `--token`, which a
    /// helper could get only from disk.
    record Fixed(Secret token) implements AgentCredential {}

    /// The embedded gateway's own bearer, known to this launch alone. A one-line helper reads it from a
    /// variable, so that no settings file can displace it.
    record Session(Secret bearer) implements AgentCredential {}

    /// Chooses the way from the current token.
    ///
    /// @param tentative whether the launch is only shown; planning then continues without a token
    /// @throws UserError when there is no usable token
    static AgentCredential of(Tokens tokens, Settings settings, Host host, boolean tentative) {
        try {
            var token = tokens.atLeast(TokenRefreshPolicy.LONGEST.window());
            if (token.isEmpty()) return NO_SIGN_IN;
            if (!tokens.renewable()) return fixed(tokens, host, tentative);
            return helper(TokenRefreshPolicy.of(token.get()), settings, tentative, host);
        } catch (UserError e) {
            if (!tentative) throw e;
            host.warn(e.line());
            return tokens.renewable()
                    ? helper(TokenRefreshPolicy.LONGEST, settings, tentative, host)
                    : new Fixed(new Secret(PLACEHOLDER));
        }
    }

    /// One token for the whole session, as fresh as possible, with a warning if it expires within the hour.
    static Fixed fixed(Tokens tokens, Host host, boolean tentative) {
        try {
            var token = tokens.atLeast(Duration.ofHours(1));
            warnOfItsEnd(token, host);
            return new Fixed(token.map(AccessToken::value).orElse(new Secret(PLACEHOLDER)));
        } catch (UserError e) {
            if (!tentative) throw e;
            host.warn(e.line());
            return new Fixed(new Secret(PLACEHOLDER));
        }
    }

    /// Warns if a token that can't be renewed expires within the hour.
    static void warnOfItsEnd(Tokens tokens, Host host) {
        try {
            warnOfItsEnd(tokens.atLeast(Duration.ZERO), host);
        } catch (UserError e) {
            // The first request to the gateway reports this.
        }
    }

    private static void warnOfItsEnd(Optional<AccessToken> token, Host host) {
        token.flatMap(AccessToken::expiresAt)
                .map(end -> Duration.between(host.clock().instant(), end))
                .filter(left -> left.compareTo(Duration.ofHours(1)) < 0)
                .ifPresent(left ->
                        host.warn(("the gateway token expires in %d minutes, and this session cannot renew it: run "
                                        + "rpkai auth login, then launch again")
                                .formatted(left.toMinutes())));
    }

    /// A helper that works as long as this process exists. The agent either replaces this process, or this
    /// process waits for the agent.
    private static Helper helper(TokenRefreshPolicy renewal, Settings settings, boolean tentative, Host host) {
        var session = tentative ? Optional.<RunningProcess>empty() : RunningProcess.current();
        return new Helper(HelperCommand.line(settings, renewal.window(), session, host), renewal.interval());
    }
}
