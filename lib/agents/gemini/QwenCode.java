package lib.agents.gemini;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
import lib.agents.variables.ConflictingVariables;
import lib.agents.variables.NoProxy;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.ErrorCode;
import lib.base.Host;
import lib.base.Remedy;
import lib.base.UserError;
import lib.config.Settings;

/// Qwen Code, which began as a copy of [GeminiCli] and uses OpenAI's chat completions. A repository's settings
/// could give a model another base URL, and so obtain the conversation. Therefore the [SystemSettings] name
/// every model and its URL.
///
///     rpkai run qwen -L openai -m gpt-6.1-sol -- -p "Say hello"
public record QwenCode() implements Agent {
    static final AgentBinary BINARY = new AgentBinary("qwen", "Qwen Code", "@qwen-code/qwen-code", "0.24.4");

    private static final SystemSettings SYSTEM =
            new SystemSettings("QWEN_CODE_SYSTEM_SETTINGS_PATH", "qwen-code", "QwenCode", ".qwen");
    private static final ReroutingFlags FLAGS = new ReroutingFlags(BINARY, Set.of("proxy", "openaibaseurl"));
    private static final List<String> OWN = List.of(
            "DASHSCOPE_API_KEY", "GEMINI_MODEL", "GOOGLE_GENAI_USE_GCA", "QWEN_DEFAULT_AUTH_TYPE", "QWEN_OAUTH");

    @Override
    public AgentBinary binary() {
        return BINARY;
    }

    @Override
    public Set<ProviderType> types() {
        return Set.of(ProviderType.OPENAI, ProviderType.OPENAI_COMPATIBLE);
    }

    @Override
    public ProviderType usual() {
        return ProviderType.OPENAI_COMPATIBLE;
    }

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
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        var models = new LinkedHashSet<String>();
        request.model().ifPresent(models::add);
        connection.provider().map(Provider::models).ifPresent(models::addAll);
        if (models.isEmpty())
            throw UserError.usage(
                    ErrorCode.MODEL_REQUIRED,
                    "Qwen Code has no default model for provider \"%s\""
                            .formatted(request.provider().orElse("")),
                    Remedy.advice("choose one with -m"));
        var baseUrl = connection.proxyUrl() + "/v1";
        var settings = SYSTEM.read(host);
        SystemSettings.object(SystemSettings.object(settings, "security"), "auth")
                .put("selectedType", "openai")
                .put("enforcedType", "openai")
                .put("baseUrl", baseUrl);
        // Qwen Code uses a proxy even for loopback, whatever NO_PROXY says, and takes one from a repository's
        // .env and settings. An empty value would count as not given; this one counts, and is empty once it is
        // trimmed.
        settings.put("proxy", " ");
        settings.withObject("/model").put("name", models.getFirst());
        var known = settings.putObject("modelProviders").putArray("openai");
        models.forEach(model -> known.addObject()
                .put("id", model)
                .put("name", model)
                .put("baseUrl", baseUrl)
                .put("envKey", "OPENAI_API_KEY"));
        var unset = ConflictingVariables.scrubbed(host.env().keySet(), OWN);
        SystemSettings.pin(settings, unset);
        var argv = new ArrayList<>(List.of(BINARY.name(), "--auth-type", "openai", "--model", models.getFirst()));
        argv.addAll(request.args());
        return home -> {
            var file = home.resolve("settings.json");
            var env = new TreeMap<>(NoProxy.forLoopback(connection.proxyUrl(), host.env()));
            // --pass-env can't bring a proxy back either, because the conversation would go to it.
            env.putAll(NoProxy.none(Map.of()));
            env.putAll(Map.of("OPENAI_BASE_URL", baseUrl, SYSTEM.variable(), file.toString()));
            env.putAll(SYSTEM.defaults(host));
            return new LaunchPlan(
                            argv,
                            env,
                            Map.of("OPENAI_API_KEY", connection.bearer().orElseThrow()),
                            unset,
                            settings,
                            List.of())
                    .withFiles(Map.of(file, settings.toPrettyString()));
        };
    }
}
