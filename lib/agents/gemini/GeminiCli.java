package lib.agents.gemini;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import lib.Host;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.Asked;
import lib.agents.Connection;
import lib.agents.Home;
import lib.agents.LaunchPlan;
import lib.agents.NoProxy;
import lib.agents.Rivals;
import lib.agents.SettingsFile;
import lib.providers.ProviderType;

/// Gemini CLI. The base URL is a variable; which sign-in it uses is a setting, which a repository could change: it is pinned
/// in the [SystemSettings], and so are the variables that a repository's `.env` would bring.
///
///     rpkai run gemini -L google -- -p "Say hello"
public record GeminiCli() implements Agent {
    static final AgentBinary BINARY = new AgentBinary("gemini", "Gemini CLI", "@google/gemini-cli", "0.61.0");

    private static final SystemSettings SYSTEM = new SystemSettings("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", "GeminiCli", ".gemini");

    private static final List<String> OWN = List.of(
            "CODE_ASSIST_API_VERSION", "CODE_ASSIST_ENDPOINT", "GEMINI_API_KEY_AUTH_MECHANISM", "GEMINI_CLI_CUSTOM_HEADERS", "GEMINI_CLI_USE_COMPUTE_ADC", "GEMINI_DEFAULT_AUTH_TYPE",
            "GEMINI_TELEMETRY_ENABLED", "GOOGLE_CLOUD_ACCESS_TOKEN", "GOOGLE_GENAI_API_VERSION", "GOOGLE_GENAI_USE_GCA");

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

    /// For the settings file alone: sessions and memory are in the user's own.
    @Override
    public Home home() {
        return new Home.Throwaway();
    }

    @Override
    public List<SettingsFile> settingsFiles(Host host) {
        return SYSTEM.besides(host);
    }

    @Override
    public Function<Path, LaunchPlan> plan(Asked asked, Connection connection, Host host) {
        var unset = Rivals.scrubbed(host.env().keySet(), OWN);
        var settings = SYSTEM.read(host);
        settings.withObject("/security/auth").put("selectedType", "gemini-api-key").put("enforcedType", "gemini-api-key");
        settings.withObject("/privacy").put("usageStatisticsEnabled", false);
        settings.withObject("/telemetry").put("enabled", false);
        settings.withObject("/general").put("enableAutoUpdate", false);
        var excluded = settings.withObject("/advanced").withArray("excludedEnvVars");
        unset.forEach(excluded::add);
        var argv = new ArrayList<>(List.of(BINARY.name()));
        // Its own default, or the one it would rather have, may be none that is allowed.
        asked.model().or(() -> connection.provider().flatMap(provider -> provider.models().stream().findFirst())).ifPresent(model -> argv.addAll(List.of("-m", model)));
        argv.addAll(asked.args());
        return home -> {
            var file = home.resolve("settings.json");
            var env = new TreeMap<>(NoProxy.forLoopback(connection.proxyUrl(), host.env()));
            env.putAll(NoProxy.none(host.env()));
            env.put("GOOGLE_GEMINI_BASE_URL", connection.proxyUrl().toString());
            // A plan that is only shown has no home.
            var foreign = home.isAbsolute() ? RootsOwn.firstForeign(home) : Optional.<Path>empty();
            if (foreign.isPresent()) {
                if (!SYSTEM.holds(host, "/security/auth/enforcedType", "gemini-api-key")) throw RootsOwn.refusal(foreign.get());
                return new LaunchPlan(argv, env, Map.of("GEMINI_API_KEY", connection.bearer().orElseThrow()), unset, settings, List.of());
            }
            env.put(SYSTEM.variable(), file.toString());
            env.putAll(SYSTEM.defaults(host));
            return new LaunchPlan(argv, env, Map.of("GEMINI_API_KEY", connection.bearer().orElseThrow()), unset, settings, Map.of(file, settings.toPrettyString()), List.of());
        };
    }
}
