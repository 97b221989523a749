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

/// Gemini CLI. The base URL is a variable, but the kind of sign-in is a setting, which a repository could
/// change. A launch by root pins that setting in the [SystemSettings], together with the variables that a
/// repository's `.env` could set. Gemini CLI accepts those settings from root alone. A launch by any other user
/// pins the setting in a [GeminiHome], and is refused if a file outranks that home.
///
///     rpkai run gemini -L google -- -p "Say hello"
public record GeminiCli() implements Agent {
    static final AgentBinary BINARY = new AgentBinary("gemini", "Gemini CLI", "@google/gemini-cli", "0.61.0");

    private static final SystemSettings SYSTEM =
            new SystemSettings("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", "GeminiCli", ".gemini");

    /// The kind of sign-in that a launch uses.
    static final String SIGN_IN = "gemini-api-key";

    private static final ReroutingFlags FLAGS = new ReroutingFlags(BINARY, Set.of("proxy"));
    /// Flags for editors: with them, the editor names the folder whose settings apply, and the base URL.
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

    /// Conflicting variables that are set to an empty value, because a trusted repository's `.gemini/.env` may
    /// set a variable that is only excluded.
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

    /// A temporary home is for the settings only; sessions and memory are in the user's own.
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

    /// Returns whether Gemini CLI accepts the settings of a launch as an administrator's.
    private static boolean isRoots(Host host) {
        return RootsOwn.firstForeign(TemporaryHome.folder(BINARY, host)).isEmpty();
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        OutrankingSettings.checkRoutes(settingsFiles(host));
        var unset = ConflictingVariables.scrubbed(host.env().keySet(), OWN);
        var argv = new ArrayList<>(List.of(BINARY.name()));
        // Gemini CLI's default and fallback models may not be allowed.
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
        // This variable lists what Gemini CLI's sandbox passes to the container, other variables included. The
        // user's own value stays.
        if (host.variable("SANDBOX_ENV").isEmpty()) env.put("SANDBOX_ENV", "");
        if (host.variable("SANDBOX_FLAGS").isEmpty()) env.put("SANDBOX_FLAGS", "");
        // This variable outranks the settings.
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
