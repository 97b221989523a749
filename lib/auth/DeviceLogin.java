package lib.auth;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import lib.base.Remedy;
import lib.base.UserError;
import lib.terminal.Progress;

/// Signs in by the device authorization grant: a code to confirm in any browser, on any machine (RFC 8628).
///
///     var login = new DeviceLogin(identityProvider, store, clock, Thread::sleep, err, progress);
///     var credentials = login.run(page -> openBrowser(page));
public final class DeviceLogin {
    private static final Duration SLOW_DOWN = Duration.ofSeconds(5);
    /// The number of consecutive bad answers after which the user is told, and can give up. A single answer may
    /// be lost on the way.
    private static final int BAD_ANSWERS = 3;

    private final IdentityProvider identityProvider;
    private final CredentialStore store;
    private final InstantSource clock;
    private final Pause pause;
    private final PrintStream err;
    private final Progress progress;

    /// The wait between two polls. It is a parameter so that tests need not wait.
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public DeviceLogin(
            IdentityProvider identityProvider,
            CredentialStore store,
            InstantSource clock,
            Pause pause,
            PrintStream err,
            Progress progress) {
        this.identityProvider = identityProvider;
        this.store = store;
        this.clock = clock;
        this.pause = pause;
        this.err = err;
        this.progress = progress;
    }

    /// Starts a new grant even if a token is cached, waits for the user to confirm, and stores the credentials.
    ///
    /// @param browser the receiver of the page to open
    /// @throws UserError when the user refuses, or lets the code expire
    public Credentials run(Consumer<String> browser) {
        var grant = identityProvider.startDeviceGrant();
        err.println("To sign in, open this page in a browser:\n\n    " + printable(grant.completeUri())
                + "\n\nand confirm the code " + printable(grant.userCode()) + "\n");
        browser.accept(grant.completeUri());
        err.println("Waiting for the confirmation (the code is valid for %d minutes) ..."
                .formatted(Math.max(1, grant.expiresIn() / 60)));
        var granted = granted(grant);
        var token = granted.token();
        var credentials = new Credentials(
                identityProvider.account(token),
                token,
                granted.refreshToken(),
                identityProvider.issuer(),
                clock.instant());
        store.exclusively(() -> {
            store.setAsideIfDamaged();
            store.save(credentials);
            return null;
        });
        return credentials;
    }

    private TokenAnswer.Granted granted(IdentityProvider.DeviceGrant grant) {
        try (var _ = progress.on("Not confirmed yet")) {
            return await(grant);
        }
    }

    private TokenAnswer.Granted await(IdentityProvider.DeviceGrant grant) {
        var deadline = clock.instant().plusSeconds(grant.expiresIn());
        var interval = Duration.ofSeconds(Math.clamp(grant.interval(), 0, 60));
        int bad = 0;
        while (clock.instant().isBefore(deadline)) {
            waitFor(interval);
            var answer = identityProvider.poll(grant);
            bad = answer instanceof TokenAnswer.Passing ? bad + 1 : 0;
            switch (answer) {
                case TokenAnswer.Granted granted -> {
                    return granted;
                }
                // A dropped connection must not force the user, who may be typing the code, to start again.
                case TokenAnswer.Passing(var error) -> {
                    if (bad == BAD_ANSWERS) warn(error);
                }
                case TokenAnswer.Refused(var code, var _) when code.equals("authorization_pending") -> {}
                case TokenAnswer.Refused(var code, var _)
                when code.equals("slow_down") -> interval = interval.plus(SLOW_DOWN);
                case TokenAnswer.Refused(var code, var _)
                when code.equals("access_denied") ->
                    throw new UserError(
                            "the sign-in was refused in the browser",
                            Remedy.run("rpkai auth login").withRest(" to try again"));
                case TokenAnswer.Refused(var code, var _) when code.equals("expired_token") -> throw expired();
                case TokenAnswer.Refused refused ->
                    throw new UserError(
                            "the identity provider cancelled the sign-in (%s)".formatted(refused.text()),
                            Remedy.run("rpkai auth login").withRest(" to try again"));
            }
        }
        throw expired();
    }

    private void warn(UserError error) {
        progress.wipe();
        err.println("rpkai: warning: %s; still waiting for the confirmation, press Ctrl-C to cancel"
                .formatted(printable(error.getMessage())));
    }

    private void waitFor(Duration interval) {
        try {
            pause.of(interval);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError(
                    "the sign-in was interrupted",
                    Remedy.run("rpkai auth login").withRest(" to try again"));
        }
    }

    private static UserError expired() {
        return new UserError(
                "the code expired before it was confirmed",
                Remedy.run("rpkai auth login").withRest(" to get a new one"));
    }

    private static String printable(String fromServer) {
        return fromServer.replaceAll("\\p{Cc}", "");
    }
}
