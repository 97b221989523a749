package lib.agents.gemini;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.Connection;
import lib.agents.Home;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.SettingsFile;
import lib.agents.home.TemporaryHome;
import lib.agents.variables.ConflictingVariables;
import lib.agents.variables.NoProxy;
import lib.api.ProviderType;
import lib.base.Host;
import lib.config.Settings;

/// Gemini CLI. The base URL is a variable; which sign-in it uses is a setting, which a repository could change.
/// Root's launch pins it, and the variables that a repository's `.env` would bring, in the [SystemSettings].
/// Gemini CLI takes those from root alone: any other user's launch pins it in a [GeminiHome], and is refused
/// where a file outranks that.
///
///     rpkai run gemini -L google -- -p "Say hello"
public record GeminiCli() implements Agent {
    static final AgentBinary BINARY = new AgentBinary("gemini", "Gemini CLI", "@google/gemini-cli", "0.61.0");

    private static final SystemSettings SYSTEM =
            new SystemSettings("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", "GeminiCli", ".gemini");

    /// The sign-in of a launch.
    static final String SIGN_IN = "gemini-api-key";

    private static final ReroutingFlags FLAGS = new ReroutingFlags(BINARY, Set.of("proxy"));
    /// With these, an editor names the folder whose settings apply, and the base URL.
    private static final ReroutingFlags EDITORS = new ReroutingFlags(BINARY, Set.of("acp", "experimentalacp"));

    private static final List<String> OWN = List.of(
            "CODE_ASSIST_API_VERSION",
            "CODE_ASSIST_ENDPOINT",
            "GEMINI_API_KEY_AUTH_MECHANISM",
            "GEMINI_CLI_CUSTOM_HEADERS",
            "GEMINI_CLI_USE_COMPUTE_ADC",
            "GEMINI_DEFAULT_AUTH_TYPE",
            "GEMINI_TELEMETRY_ENABLED",
            "GOOGLE_CLOUD_ACCESS_TOKEN",
            "GOOGLE_GENAI_API_VERSION",
            "GOOGLE_GENAI_USE_GCA");

    /// Rivals that are set to nothing: a trusted repository's `.gemini/.env` may set a variable that is only
    /// excluded.
    private static final List<String> RIVALS =
            List.of("GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_VERTEX_BASE_URL");

    @Override
    public AgentBinary binary() {
        return BINARY;
    }

    @Override
    public Set<ProviderType> types() {
        return Set.of(ProviderType.GOOGLE);
    }

    @Override
    public ProviderType usual() {
        return ProviderType.GOOGLE;
    }

    /// For the settings: sessions and memory are in the user's own.
    @Override
    public Home home() {
        return new Home.Throwaway();
    }

    @Override
    public List<SettingsFile> settingsFiles(Host host) {
        return SYSTEM.besides(host);
    }

    @Override
    public void check(LaunchRequest request, Settings settings, Host host) {
        FLAGS.check(request.args());
        if (!isRoots(host)) EDITORS.check(request.args());
    }

    /// Whether Gemini CLI takes the settings of a launch as an administrator's.
    private static boolean isRoots(Host host) {
        return RootsOwn.firstForeign(TemporaryHome.folder(BINARY, host)).isEmpty();
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        OutrankingSettings.checkRoutes(settingsFiles(host));
        var unset = ConflictingVariables.scrubbed(host.env().keySet(), OWN);
        var argv = new ArrayList<>(List.of(BINARY.name()));
        // Its own default, or the one it would rather have, may be none that is allowed.
        request.model()
                .or(() -> connection
                        .provider()
                        .flatMap(provider -> provider.models().stream().findFirst()))
                .ifPresent(model -> argv.addAll(List.of("-m", model)));
        argv.addAll(request.args());
        var env = new TreeMap<>(NoProxy.forLoopback(connection.proxyUrl(), host.env()));
        env.putAll(NoProxy.none(host.env()));
        env.put("GOOGLE_GEMINI_BASE_URL", connection.proxyUrl().toString());
        OWN.forEach(name -> env.put(name, ""));
        RIVALS.forEach(name -> env.put(name, ""));
        // What its sandbox passes on to the container, other variables among it. The user's own stay.
        if (host.variable("SANDBOX_ENV").isEmpty()) env.put("SANDBOX_ENV", "");
        if (host.variable("SANDBOX_FLAGS").isEmpty()) env.put("SANDBOX_FLAGS", "");
        // It outranks the settings.
        env.put("GEMINI_TELEMETRY_ENABLED", "false");
        var plan = new LaunchPlan(
                argv,
                env,
                Map.of("GEMINI_API_KEY", connection.bearer().orElseThrow()),
                unset,
                JsonNodeFactory.instance.objectNode(),
                List.of());
        return isRoots(host) ? asAdministrator(plan, unset, host) : asUser(plan, unset, host);
    }

    private static Function<Path, LaunchPlan> asAdministrator(LaunchPlan plan, Set<String> excluded, Host host) {
        var settings = SYSTEM.read(host);
        pin(settings, excluded);
        return home -> {
            var file = home.resolve("settings.json");
            var env = new TreeMap<>(Map.of(SYSTEM.variable(), file.toString()));
            env.putAll(SYSTEM.defaults(host));
            return plan.withEnv(env).withSettings(settings).withFiles(Map.of(file, settings.toPrettyString()));
        };
    }

    private static Function<Path, LaunchPlan> asUser(LaunchPlan plan, Set<String> excluded, Host host) {
        OutrankingSettings.checkPins(GeminiHome.PINS, SYSTEM.inForce(host), SYSTEM, host);
        var warnings = new ArrayList<String>();
        var own = new GeminiHome(host);
        var settings = own.settings(warnings);
        var shown = JsonNodeFactory.instance.objectNode();
        for (var each : List.of(settings, shown)) {
            pin(each, excluded);
            GeminiHome.pin(each);
        }
        return home -> {
            var env = new TreeMap<>(own.variables(home));
            env.put(SYSTEM.variable(), SYSTEM.file(host).toString());
            var files = Map.of(GeminiHome.settingsFile(home), settings.toPrettyString());
            return plan.withEnv(env)
                    .withSettings(shown)
                    .withFiles(files)
                    .withLinks(own.links(home))
                    .withWarnings(warnings);
        };
    }

    private static void pin(ObjectNode settings, Set<String> excluded) {
        SystemSettings.object(SystemSettings.object(settings, "security"), "auth")
                .put("selectedType", SIGN_IN)
                .put("enforcedType", SIGN_IN);
        SystemSettings.pin(settings, excluded);
    }
}
