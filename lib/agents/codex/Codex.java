package lib.agents.codex;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import lib.agents.AgentBinary;
import lib.agents.AgentVersion;
import lib.agents.LaunchPlan;
import lib.agents.MinimumVersion;
import lib.agents.ModelCheck;
import lib.agents.NoProxy;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;

/// Codex, launched so that its model traffic goes through the gateway and nowhere else.
///
///     var plan = Codex.plan(launch);
///     plan.files()   // {/home/me/.cache/rpkai/codex/home-…/config.toml=model_provider = 'rpkai' …}
///
/// @see <a href="https://developers.openai.com/codex/config-advanced">Codex's configuration</a>
public final class Codex {
    /// How it is found and installed.
    public static final AgentBinary BINARY = new AgentBinary("codex", "Codex", "@openai/codex", "0.169.0");

    /// The first with command auth; the one before ignores it without a word and sends no token at all.
    public static final MinimumVersion MINIMUM =
            new MinimumVersion(BINARY, new AgentVersion(0, 118, 0), "which can ask for a fresh token");

    /// The provider types that it speaks to.
    public static final Set<ProviderType> TYPES = Set.of(ProviderType.OPENAI, ProviderType.OPENAI_COMPATIBLE);

    /// How the variable begins that holds the token of a launch which has one token only.
    static final String VARIABLE = "RPKAI_TOKEN_";

    private Codex() {}

    /// What a launch is planned from.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param provider empty where it can't be read
    /// @param token how it comes by the gateway token
    /// @param model `--model`
    /// @param effort `--effort`
    /// @param home its `CODEX_HOME`, an absolute path without links
    /// @param lasting whether that home stays when the session is over
    /// @param trust whether the folder that it starts in is trusted without asking
    /// @param repository what that folder holds for Codex: its `.codex`, where it has one
    /// @param args the user's own arguments
    /// @param inherited the environment it would inherit
    /// @param cwd where it starts, without links
    public record Launch(
            URI proxyUrl,
            Optional<Provider> provider,
            CodexToken token,
            Optional<String> model,
            Optional<Effort> effort,
            Path home,
            boolean lasting,
            boolean trust,
            Optional<Path> repository,
            List<String> args,
            Map<String, String> inherited,
            Path cwd) {}

    /// Plans a launch; touches nothing.
    ///
    /// @throws UserError when the user's arguments would lead round the gateway; bad usage
    public static LaunchPlan plan(Launch launch) {
        check(launch.args(), launch.lasting());
        var arguments = CodexArguments.parse(launch.args());
        var env = new TreeMap<>(Map.of("CODEX_HOME", launch.home().toString()));
        env.putAll(NoProxy.forLoopback(launch.proxyUrl(), launch.inherited()));
        var secrets = new TreeMap<String, Secret>();
        if (launch.token() instanceof CodexToken.Variable variable) secrets.put(variable(variable), variable.token());
        var unset = CodexVariables.scrubbed(launch.inherited().keySet());

        var argv = new ArrayList<>(List.of(BINARY.name()));
        argv.addAll(CodexConfig.overrides(launch));
        argv.addAll(arguments.words());
        return new LaunchPlan(
                argv,
                env,
                secrets,
                unset,
                JsonNodeFactory.instance.objectNode(),
                Map.of(launch.home().resolve("config.toml"), configuration(launch)),
                warnings(launch, arguments));
    }

    /// The `config.toml` of a launch.
    public static String configuration(Launch launch) {
        return CodexConfig.toml(launch);
    }

    /// Checks the user's arguments before anything else is asked or made.
    ///
    /// @throws UserError when they would lead round the gateway; bad usage
    public static void check(List<String> args, boolean lasting) {
        ForbiddenArguments.check(CodexArguments.parse(args), lasting);
    }

    /// The model that a session starts with, where it is known that its provider does not allow it.
    static Optional<String> denied(Optional<Provider> provider, Optional<String> model, List<String> args) {
        return CodexArguments.parse(args)
                .model()
                .or(() -> model)
                .filter(name -> provider.filter(p -> !p.allows(name)).isPresent());
    }

    /// The name of the variable that holds that token. It differs from launch to launch: a repository can have
    /// Codex send any variable that it can name to a server of its own (`mcp_servers.….bearer_token_env_var`).
    static String variable(CodexToken.Variable variable) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(variable.token().reveal().getBytes(StandardCharsets.UTF_8));
            return VARIABLE + HexFormat.of().withUpperCase().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<String> warnings(Launch launch, CodexArguments arguments) {
        var warnings = new ArrayList<String>();
        ForbiddenArguments.uselessWithout(arguments, launch.lasting()).ifPresent(warnings::add);
        if (launch.trust() && launch.repository().isPresent()) {
            warnings.add(("%s applies: its rules and MCP servers run outside the sandbox (--no-auto-trust "
                            + "leaves the question to Codex)")
                    .formatted(launch.repository().get()));
        }
        var model = arguments.model().or(launch::model);
        launch.provider().ifPresent(provider -> {
            denied(launch.provider(), launch.model(), launch.args())
                    .ifPresent(name -> warnings.add(ModelCheck.notAllowed(name, provider)));
            if (model.isEmpty() && provider.type().equals(ProviderType.OPENAI_COMPATIBLE)) {
                warnings.add("no model is chosen, and Codex's default is one of OpenAI's own: pass -m%s"
                        .formatted(
                                provider.models().isEmpty()
                                        ? ""
                                        : " with one of " + String.join(", ", provider.models())));
            }
        });
        return warnings;
    }
}
