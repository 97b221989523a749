package lib.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import lib.UserError;
import lib.auth.CredentialStore;
import lib.auth.Credentials;
import lib.auth.Tokens;
import lib.config.AuthMode;
import lib.config.ConfigFile;
import lib.config.Profile;
import lib.config.Settings;
import lib.providers.Environments;
import lib.providers.Environments.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai env`: which gateway to work against.
final class EnvCommand {
    @Command(name = "list", aliases = "ls", description = "Lists the environments of the config file and, when signed in, the organisation's.", footer = {"", "Example:", "  rpkai env list --local"})
    static final class List implements Runnable {
        @Option(names = "--local", description = "Only what the config file has.")
        boolean local;

        private final Context context;

        List(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings(true);
            var file = ConfigFile.read(settings.configFile());
            var rows = new java.util.ArrayList<java.util.List<String>>();
            var objects = JsonNodeFactory.instance.arrayNode();
            file.profiles().forEach((name, profile) -> {
                var current = file.current().filter(name::equals).isPresent();
                var mode = profile.authMode().orElse(AuthMode.DEVICE.label());
                var url = profile.gatewayUrl().map(Settings::shown);
                rows.add(java.util.List.of(current ? "*" : "", name, url.orElse("(not ready)"), mode));
                objects.addObject().put("name", name).put("current", current).put("ai_gateway_url", url.orElse("")).put("auth_mode", mode);
            });
            if (!local) {
                for (var live : live(context, settings, file)) {
                    if (file.profiles().values().stream().anyMatch(p -> p.environmentId().equals(Optional.of(live.id())) || p.signIn().isPresent() && p.gatewayUrl().equals(live.gatewayUrl()))) continue;
                    rows.add(java.util.List.of("", live.name(), live.gatewayUrl().orElse("(not ready)"), "device"));
                    objects.addObject().put("name", live.name()).put("id", live.id()).put("current", false).put("ai_gateway_url", live.gatewayUrl().orElse("")).put("auth_mode", "device");
                }
            }
            Output.list(context.host().out(), settings.format(), java.util.List.of("CURRENT", "NAME", "AI GATEWAY", "AUTH"), rows, objects);
        }
    }

    @Command(name = "use", description = "Makes an environment the current one.", footer = {"", "Example:", "  rpkai env use prod"})
    static final class Use implements Runnable {
        @Parameters(paramLabel = "NAME", description = "A name from rpkai env list, or an environment's id.")
        String name;

        private final Context context;

        Use(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings(true);
            var file = ConfigFile.read(settings.configFile());
            if (file.profiles().containsKey(name)) {
                ConfigFile.update(settings.configFile(), f -> f.use(name));
                context.host().err().println("Environment: " + name);
                return;
            }
            var live = live(context, settings, file).stream().filter(e -> e.name().equals(name) || e.id().equals(name)).findFirst()
                    .orElseThrow(() -> new UserError("environment \"%s\" not found".formatted(name), "run rpkai env list, or rpkai auth login"));
            new EnvironmentPicker(context, settings).use(live, signedIn(settings, file).orElseThrow());
        }
    }

    @Command(name = "add", description = "Adds an environment by hand: a gateway of your own, or one on this machine.", footer = {"", "Example:", "  rpkai env add local --ai-gateway-url http://localhost:8090 --auth-mode none"})
    static final class Add implements Runnable {
        @Parameters(paramLabel = "NAME", description = "What to call it.")
        String name;

        @Option(names = "--ai-gateway-url", required = true, paramLabel = "URL", description = "The AI Gateway's base URL.")
        String gatewayUrl;

        @Option(names = "--auth-mode", paramLabel = "MODE", description = "device, rpk, token or none (default device).")
        String authMode = "device";

        @Option(names = "--description", paramLabel = "TEXT", description = "A note for people.")
        String description;

        private final Context context;

        Add(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings(true);
            if (name.isBlank()) throw UserError.usage("an environment needs a name", "write it as rpkai env add NAME --ai-gateway-url URL");
            var url = Settings.webUrl(gatewayUrl, "--ai-gateway-url");
            if (AuthMode.of(authMode).isEmpty()) throw UserError.usage("unknown --auth-mode \"%s\"".formatted(authMode), "use device, rpk, token or none");
            var profile = new Profile(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(url.toString()), Optional.of(authMode), Optional.ofNullable(description), Optional.empty());
            ConfigFile.update(settings.configFile(), file -> {
                if (file.profiles().containsKey(name)) throw new UserError("environment \"%s\" exists already".formatted(name), "choose another name");
                var added = file.with(name, profile);
                return file.current().isPresent() ? added : added.use(name);
            });
            var current = ConfigFile.read(settings.configFile()).current().filter(name::equals).isPresent();
            context.host().err().println("Environment \"%s\" added. %s".formatted(name, current ? "It is the current one." : "Run rpkai env use " + name + " to make it the current one."));
        }
    }

    @Command(name = "show", description = "Shows the environment in use.", footer = {"", "Example:", "  rpkai env show -o yaml"})
    static final class Show implements Runnable {
        private final Context context;

        Show(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings();
            if (settings.wantsEmbeddedGateway()) throw new UserError("no environment configured", "run rpkai auth login, or rpkai env add");
            var json = JsonNodeFactory.instance.objectNode();
            settings.profileName().ifPresent(name -> json.put("name", name));
            settings.profile().flatMap(Profile::organization).ifPresent(org -> json.put("organization", org));
            settings.endpoint().map(Object::toString).or(() -> settings.profile().flatMap(Profile::gatewayUrl).map(Settings::shown)).ifPresent(url -> json.put("ai_gateway_url", url));
            json.put("auth_mode", settings.authMode().label());
            settings.token().ifPresent(token -> json.put("token", token.toString()));
            settings.profile().flatMap(Profile::description).ifPresent(text -> json.put("description", text));
            json.put("config", settings.configFile().toString());
            Output.object(context.host().out(), settings.format(), json);
        }
    }

    /// The organisation's environments; none for someone who is not signed in.
    private static java.util.List<Environment> live(Context context, Settings settings, ConfigFile file) {
        var http = context.http();
        return signedIn(settings, file)
                .map(c -> new Environments(settings.cloud().apiUrl(), Tokens.signedInTo(c.organization(), settings, context.host(), http), http).list())
                .orElse(java.util.List.of());
    }

    /// This organisation's sign-in: the current profile's, else the latest.
    private static Optional<Credentials> signedIn(Settings settings, ConfigFile file) {
        var store = new CredentialStore(settings.credentialsFile());
        return file.current().map(file.profiles()::get).flatMap(Profile::organization).flatMap(store::read).or(store::latest);
    }
}
