package lib.agents.codex;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import lib.agents.AgentBinary;
import lib.agents.AgentVersion;
import lib.agents.DisallowedModel;
import lib.agents.LaunchPlan;
import lib.agents.MinimumVersion;
import lib.agents.variables.NoProxy;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.Sha256;
import lib.base.UserError;

/// Codex, launched so that its model traffic goes through the gateway and nowhere else.
///
///     var plan = Codex.plan(input);
///     plan.files()   // {/home/me/.cache/rpkai/codex/home-…/config.toml=model_provider = 'rpkai' …}
///
/// @see <a href="https://developers.openai.com/codex/config-advanced">Codex's configuration</a>
public final class Codex {
    /// Describes how to find and install Codex.
    public static final AgentBinary BINARY = new AgentBinary("codex", "Codex", "@openai/codex", "0.169.0");

    /// The first version with command auth. The version before silently ignores the setting and sends no token
    /// at all.
    public static final MinimumVersion MINIMUM =
            new MinimumVersion(BINARY, new AgentVersion(0, 118, 0), "which can request a fresh token");

    /// The provider types that Codex can use.
    public static final Set<ProviderType> TYPES = Set.of(ProviderType.OPENAI, ProviderType.OPENAI_COMPATIBLE);

    /// The name of Codex's configuration file.
    static final String CONFIG = "config.toml";

    /// The prefix of the variable that holds the token of a launch with a single token.
    static final String VARIABLE = "RPKAI_TOKEN_";

    private Codex() {}

    /// Plans a launch. Changes nothing.
    ///
    /// @throws UserError when the user's arguments would lead Codex past the gateway; bad usage
    public static LaunchPlan plan(CodexLaunchInput input) {
        check(input.args(), input.home().lasting());
        var arguments = CodexArguments.parse(input.args());
        var env = new TreeMap<>(Map.of("CODEX_HOME", input.home().path().toString()));
        env.putAll(
                NoProxy.forLoopback(input.route().proxyUrl(), input.inherited().variables()));
        var secrets = new TreeMap<String, Secret>();
        if (input.route().token() instanceof CodexToken.Variable variable)
            secrets.put(variable(variable), variable.token());
        var unset = CodexVariables.scrubbed(input.inherited().variables().keySet());

        var argv = new ArrayList<>(List.of(BINARY.name()));
        argv.addAll(CodexConfig.overrides(input));
        argv.addAll(arguments.words());
        return new LaunchPlan(
                        argv, env, secrets, unset, JsonNodeFactory.instance.objectNode(), warnings(input, arguments))
                .withFiles(Map.of(input.home().path().resolve(CONFIG), configuration(input)));
    }

    /// The `config.toml` of a launch.
    public static String configuration(CodexLaunchInput input) {
        return CodexConfig.toml(input);
    }

    /// Checks the user's arguments before any request is sent and any file is made.
    ///
    /// @throws UserError when they would lead Codex past the gateway; bad usage
    public static void check(List<String> args, boolean lasting) {
        ForbiddenArguments.check(CodexArguments.parse(args), lasting);
    }

    /// The model that a session starts with, if its provider is known not to allow it.
    static Optional<String> denied(Optional<Provider> provider, Optional<String> model, List<String> args) {
        return CodexArguments.parse(args)
                .model()
                .or(() -> model)
                .filter(name -> provider.filter(p -> !p.allows(name)).isPresent());
    }

    /// The name of the variable that holds that token. The name differs for each launch, because a repository
    /// can make Codex send any variable whose name it knows to a server of its own
    /// (`mcp_servers.….bearer_token_env_var`).
    static String variable(CodexToken.Variable variable) {
        var digest = Sha256.hex(variable.token().reveal());
        return VARIABLE + digest.substring(0, 16).toUpperCase(Locale.ROOT);
    }

    private static List<String> warnings(CodexLaunchInput input, CodexArguments arguments) {
        var warnings = new ArrayList<String>();
        ForbiddenArguments.uselessWithout(arguments, input.home().lasting()).ifPresent(warnings::add);
        if (input.folder().trusted() && input.folder().settings().isPresent()) {
            warnings.add(("%s applies: its rules and MCP servers run outside the sandbox (with "
                            + "--no-auto-trust, Codex asks first)")
                    .formatted(input.folder().settings().get()));
        }
        var model = arguments.model().or(() -> input.model().name());
        input.route().provider().ifPresent(provider -> {
            denied(input.route().provider(), input.model().name(), input.args())
                    .ifPresent(name -> warnings.add(DisallowedModel.notAllowed(name, provider)));
            if (model.isEmpty() && provider.type().equals(ProviderType.OPENAI_COMPATIBLE)) {
                warnings.add("no model is selected, and Codex's default is a model of OpenAI: pass -m%s"
                        .formatted(
                                provider.models().isEmpty()
                                        ? ""
                                        : " with one of " + String.join(", ", provider.models())));
            }
        });
        return warnings;
    }
}
