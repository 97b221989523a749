package lib.agents.opencode;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/// OpenCode. Its configuration is passed in a variable, which OpenCode merges over every file, a repository's
/// included. The gateway's provider is the only one enabled there. OpenCode's own sign-ins are hidden: with a
/// sign-in to ChatGPT, it would send requests there, whatever the base URL is.
///
///     rpkai run opencode -L anthropic -m claude-sonnet-5-5 -- run "Say hello"
///
/// @see <a href="https://opencode.ai/docs/config/">OpenCode's configuration</a>
public record OpenCode() implements Agent {
    static final AgentBinary BINARY = new AgentBinary("opencode", "OpenCode", "opencode-ai", "1.18.33");

    private static final String TOKEN = "RPKAI_SESSION_TOKEN";

    private static final List<String> OWN = List.of(
            "OPENCODE_API_KEY",
            "OPENCODE_AUTH_CONTENT",
            "OPENCODE_CONFIG_CONTENT",
            "OPENCODE_CONSOLE_TOKEN",
            "OPENCODE_MODELS_PATH",
            "OPENCODE_MODELS_URL",
            // OpenCode's tests set this folder for the administrator's settings.
            "OPENCODE_TEST_MANAGED_CONFIG_DIR");

    @Override
    public AgentBinary binary() {
        return BINARY;
    }

    @Override
    public Set<ProviderType> types() {
        return Set.of(ProviderType.ANTHROPIC, ProviderType.GOOGLE, ProviderType.OPENAI, ProviderType.OPENAI_COMPATIBLE);
    }

    @Override
    public ProviderType usual() {
        return ProviderType.ANTHROPIC;
    }

    @Override
    public List<SettingsFile> settingsFiles(Host host) {
        return OpenCodeSettings.find(host);
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        OpenCodeSettings.refusePolicy(settingsFiles(host));
        var env = new TreeMap<>(NoProxy.forLoopback(connection.proxyUrl(), host.env()));
        env.putAll(NoProxy.none(host.env()));
        var config = config(request, connection);
        env.put("OPENCODE_CONFIG_CONTENT", config.toString());
        env.put("OPENCODE_AUTH_CONTENT", "{}");
        // These variables turn off calls home.
        env.put("OPENCODE_DISABLE_AUTOUPDATE", "1");
        env.put("OPENCODE_DISABLE_MODELS_FETCH", "1");
        var unset = ConflictingVariables.scrubbed(host.env().keySet(), OWN);
        var argv = new ArrayList<>(List.of(BINARY.name()));
        argv.addAll(request.args());
        var plan =
                new LaunchPlan(argv, env, Map.of(TOKEN, connection.bearer().orElseThrow()), unset, config, List.of());
        return _ -> plan;
    }

    private ObjectNode config(LaunchRequest request, Connection connection) {
        var type = connection.provider().map(Provider::type).orElse(usual());
        // OpenCode has lists of models for the providers that it knows by name.
        var id = type.equals(ProviderType.OPENAI_COMPATIBLE) ? "rpkai" : type.label();
        var models = new LinkedHashSet<String>();
        request.model().ifPresent(models::add);
        connection.provider().map(Provider::models).ifPresent(models::addAll);
        var config =
                JsonNodeFactory.instance.objectNode().put("share", "disabled").put("autoupdate", false);
        config.putArray("enabled_providers").add(id);
        var provider = config.putObject("provider").putObject(id);
        if (id.equals("rpkai")) {
            if (models.isEmpty())
                throw UserError.usage(
                        ErrorCode.MODEL_REQUIRED,
                        "OpenCode does not know the models of provider \"%s\""
                                .formatted(request.provider().orElse("")),
                        Remedy.advice("choose one with -m"));
            provider.put("npm", "@ai-sdk/openai-compatible").put("name", "AI Gateway");
        }
        provider.putObject("options")
                .put("baseURL", connection.proxyUrl() + (type.equals(ProviderType.GOOGLE) ? "/v1beta" : "/v1"))
                .put("apiKey", "{env:" + TOKEN + "}");
        if (!models.isEmpty()) {
            var known = provider.putObject("models");
            models.forEach(known::putObject);
            // OpenCode's default small model, used for titles, may not be on the allowlist.
            config.put("model", id + "/" + models.getFirst()).put("small_model", id + "/" + models.getFirst());
        }
        return config;
    }
}
