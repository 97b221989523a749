package lib.cli.auth;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Optional;
import lib.agents.process.RunningProcess;
import lib.auth.AccessToken;
import lib.auth.CredentialStore;
import lib.auth.Credentials;
import lib.auth.DeviceLogin;
import lib.auth.IdentityProvider;
import lib.auth.RefreshWindow;
import lib.auth.ResourceMetadataClient;
import lib.auth.SignOut;
import lib.base.UserError;
import lib.cli.base.Browser;
import lib.cli.base.Context;
import lib.cli.base.Durations;
import lib.cli.base.Output;
import lib.config.AuthMode;
import lib.config.Cloud;
import lib.config.ConfigFile;
import lib.config.OutputFormat;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai auth`: signs in and out, and shows the sign-in.
public final class AuthCommand {
    @Command(
            name = "login",
            description = "Signs in with a browser, then selects an environment.",
            footer = {"", "Example:", "  rpkai auth login --no-browser", "  rpkai auth login https://aigw.example.com"})
    public static final class Login implements Runnable {
        @Parameters(
                arity = "0..1",
                paramLabel = "GATEWAY",
                description = "The URL of a gateway that names its own sign-in server; the gateway becomes "
                        + "the current environment.")
        String gateway;

        @Option(names = "--no-browser", description = "Print the address of the page instead of opening a browser.")
        boolean noBrowser;

        private final Context context;

        public Login(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            // A missing or broken profile must not prevent the sign-in, which repairs it.
            var settings = context.settings(true);
            var url = Optional.ofNullable(gateway).map(text -> Settings.webUrl(text, "the gateway"));
            var place = url.map(each -> ResourceMetadataClient.of(each, context.http()));
            var credentials = signIn(
                    context,
                    settings,
                    place.map(each -> Cloud.of(each, url.get().toString())).orElse(settings.cloud()),
                    noBrowser);
            var picker = new EnvironmentPicker(context, settings);
            place.ifPresentOrElse(each -> picker.use(url.get(), each, credentials), () -> picker.pick(credentials));
        }

        /// Runs the device flow and returns its credentials.
        static Credentials signIn(Context context, Settings settings, Cloud cloud, boolean noBrowser) {
            var host = context.host();
            var identityProvider = new IdentityProvider(cloud, context.http());
            var store = new CredentialStore(settings.credentialsFile());
            var login = new DeviceLogin(
                    identityProvider, store, host.clock(), Thread::sleep, host.err(), context.progress());
            var credentials = login.run(page -> {
                if (!noBrowser && host.interactive()) Browser.open(page);
            });
            var whom = credentials.token().email().map(email -> " as " + email).orElse("");
            var where = credentials
                    .token()
                    .organization()
                    .map(" (organisation %s)"::formatted)
                    .orElse(" at " + credentials.issuer());
            host.err().println(Output.printable("Signed in%s%s.".formatted(whom, where)));
            return credentials;
        }
    }

    @Command(
            name = "logout",
            description = "Deletes this organisation's credentials and revokes them.",
            footer = {"", "Example:", "  rpkai auth logout --all"})
    public static final class Logout implements Runnable {
        @Option(names = "--all", description = "Delete all credentials and the config file.")
        boolean all;

        private final Context context;

        public Logout(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings(all);
            var signOut = SignOut.of(settings, context.host(), context.http());
            if (all) {
                signOut.everywhere();
                ConfigFile.delete(settings.configFile());
                context.host().err().println("Signed out everywhere and deleted the config file.");
                return;
            }
            var gone = signOut.from(settings.profile().flatMap(p -> p.organization()));
            context.host()
                    .err()
                    .println(gone.map(org -> "Signed out of %s.".formatted(org)).orElse("Not signed in."));
        }
    }

    public static final class Status implements Runnable {
        private final Context context;

        public Status(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings();
            var store = new CredentialStore(settings.credentialsFile());
            var token = cached(settings, store);
            var json = JsonNodeFactory.instance.objectNode().put("logged_in", token.isPresent());
            // The name under which a gateway's sign-in is kept is not an organisation's name.
            token.flatMap(AccessToken::organization)
                    .or(() ->
                            settings.profile().filter(p -> p.signIn().isEmpty()).flatMap(p -> p.organization()))
                    .ifPresent(org -> json.put("organization", org));
            token.flatMap(AccessToken::email).ifPresent(email -> json.put("user_email", email));
            token.flatMap(AccessToken::expiresAt).ifPresent(at -> json.put("expires_at", at.toString()));
            json.put("auth_mode", settings.authMode().label());
            settings.profileName().ifPresent(name -> json.put("profile", name));
            settings.endpoint()
                    .map(Object::toString)
                    .or(() -> settings.profile().flatMap(p -> p.gatewayUrl()).map(Settings::shown))
                    .ifPresent(url -> json.put("ai_gateway_url", url));
            Output.object(context, settings.format(), json);
            // Programs read this from logged_in.
            var isForPeople = settings.format() != OutputFormat.JSON && settings.format() != OutputFormat.YAML;
            if (token.isEmpty() && isForPeople) context.host().err().println("rpkai: " + remedy(settings));
        }

        private static String remedy(Settings settings) {
            return switch (settings.authMode()) {
                case DEVICE ->
                    settings.serviceAccount().isPresent()
                            ? "no token of the service account is cached yet: run rpkai auth token to get one"
                            : "not signed in: run rpkai auth login";
                case RPK -> "no usable token in rpk.yaml: run rpk cloud login";
                case TOKEN -> "the static token is missing or has expired: set RPAI_TOKEN or pass --token";
                case NONE -> "this environment needs no sign-in (auth_mode is none)";
            };
        }

        /// The cached token, without a refresh, since showing the status must change nothing.
        private Optional<AccessToken> cached(Settings settings, CredentialStore store) {
            if (settings.authMode() != AuthMode.DEVICE) {
                try {
                    return context.tokens(settings).atLeast(Duration.ZERO);
                } catch (UserError signedOut) {
                    return Optional.empty();
                }
            }
            var organization = settings.profile().flatMap(p -> p.organization());
            return settings.serviceAccount()
                    .map(account -> store.ofServiceAccount(account.id()))
                    .orElseGet(() -> organization.map(store::read).orElseGet(store::latest))
                    .filter(c -> c.issuer()
                            .equals(Cloud.withoutSlash(settings.cloud().issuer())))
                    .filter(c -> c.refreshToken().isPresent()
                            || c.token().outlives(context.host().clock().instant()))
                    .map(Credentials::token);
        }
    }

    @Command(
            name = "token",
            description = "Prints the gateway token; refreshes it first if it expires soon.",
            footer = {"", "Example:", "  rpkai auth token --refresh-within 10m"})
    public static final class Token implements Runnable {
        @Option(
                names = "--refresh-within",
                paramLabel = "DUR",
                converter = Durations.class,
                description = "Refresh the token if it expires within this time (default 60s).")
        Duration refreshWithin = RefreshWindow.DEFAULT;

        /// The process of the session for which the token is requested; a launch passes it to the agent's
        /// helper.
        @Option(names = "--while-running", hidden = true)
        String session;

        private final Context context;

        public Token(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var process = Optional.ofNullable(session)
                    .map(text -> RunningProcess.parse(text)
                            .orElseThrow(() -> UserError.usage(
                                    "--while-running takes a process id and its start time", "omit it")));
            if (process.filter(RunningProcess::hasEnded).isPresent()) {
                throw new UserError("the session of this token has ended", "launch the agent again");
            }
            var token = context.tokens(context.settings())
                    .atLeast(refreshWithin)
                    .orElseThrow(() -> new UserError(
                            "this environment has no token (auth_mode is none)", "omit the Authorization header"));
            context.host().out().println(token.value().reveal());
        }
    }
}
