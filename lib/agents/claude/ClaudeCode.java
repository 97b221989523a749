package lib.agents.claude;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.agents.AgentBinary;
import lib.agents.AgentCredential;
import lib.agents.AgentVersion;
import lib.agents.ConflictingSetting;
import lib.agents.LaunchPlan;
import lib.agents.MinimumVersion;
import lib.agents.SettingsFile;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.UserError;

/// Claude Code, launched so that its model traffic goes through the gateway and nowhere else.
///
///     var plan = ClaudeCode.plan(launch);
///     plan.argv()   // [claude, --settings, {"apiKeyHelper":…}, …]
///
/// @see <a href="https://docs.claude.com/en/docs/claude-code/settings">Claude Code's settings</a>
public final class ClaudeCode {
    /// How it is found and installed.
    public static final AgentBinary BINARY =
            new AgentBinary("claude", "Claude Code", "@anthropic-ai/claude-code", "2.1.330");

    /// The first that keeps `ANTHROPIC_AUTH_TOKEN` and `ANTHROPIC_CUSTOM_HEADERS` out of a repository's
    /// `.mcp.json`, which 2.1.252 still puts there; `ANTHROPIC_UNIX_SOCKET` in `~/.claude.json` is out since
    /// 2.1.198.
    public static final MinimumVersion MINIMUM = new MinimumVersion(
            BINARY, new AgentVersion(2, 1, 257), "which keeps the gateway's token from a repository's .mcp.json");

    /// The provider types that it speaks to.
    public static final Set<ProviderType> TYPES = Set.of(ProviderType.ANTHROPIC, ProviderType.BEDROCK);

    /// What it asks for where no model is chosen; on Bedrock behind a prefix that follows the region.
    public static final String DEFAULT_MODEL = "claude-opus-5-5";

    private static final String POLICY = "is the administrator's policy and outranks the launch";

    private ClaudeCode() {}

    /// What a launch is planned from.
    ///
    /// @param proxyUrl the provider's proxy on the gateway
    /// @param mode how it reaches the model
    /// @param provider empty where it can't be read
    /// @param token how it comes by the gateway token
    /// @param model `--model`
    /// @param configDir `--claude-config-dir`
    /// @param args the user's own arguments
    /// @param settingsFiles what it will read besides the overlay
    /// @param signIn its sign-in at another gateway, if it has one
    /// @param inherited the environment it would inherit
    /// @param cwd where it starts
    public record Launch(
            URI proxyUrl,
            ClaudeMode mode,
            Optional<Provider> provider,
            AgentCredential token,
            Optional<String> model,
            Optional<Path> configDir,
            List<String> args,
            List<SettingsFile> settingsFiles,
            Optional<GatewaySignIn> signIn,
            Map<String, String> inherited,
            Path cwd) {}

    /// Plans a launch; touches nothing.
    ///
    /// @throws UserError when a settings file would lead it round the gateway and nothing can undo that
    public static LaunchPlan plan(Launch launch) {
        if (launch.signIn().isPresent()) throw launch.signIn().get().refusal();
        launch.settingsFiles()
                .forEach(file ->
                        refuse(file, ClaudeVariables.UNIX_SOCKET, "sends every request to a socket of its own"));
        launch.settingsFiles().stream()
                .filter(file -> file.layer() == SettingsFile.Layer.MANAGED)
                .forEach(file -> refusePolicy(file, launch));
        var arguments = ClaudeArguments.parse(launch.args(), launch.cwd());
        var warnings = new ArrayList<String>();
        launch.settingsFiles().stream()
                .filter(SettingsFile::broken)
                .forEach(file -> warnings.add(
                        "%s is not valid JSON and is ignored, as Claude Code does".formatted(file.path())));
        warnings.addAll(new ClaudeModelCheck(launch, arguments).warnings());
        var plan = launch.mode() == ClaudeMode.PASSTHROUGH
                ? ClaudePassthrough.plan(launch, arguments)
                : ClaudeOverlay.plan(launch, arguments);
        return plan.warning(warnings);
    }

    /// The model that a launch starts with, where it is known that its provider does not allow it.
    static Optional<String> denied(Launch launch) {
        return new ClaudeModelCheck(launch, ClaudeArguments.parse(launch.args(), launch.cwd())).denied();
    }

    /// What the settings files set that displaces the user's own login, which a launch only warns of.
    public static List<ConflictingSetting> displacements(Launch launch) {
        return launch.mode() == ClaudeMode.PASSTHROUGH
                ? ClaudePassthrough.displacements(launch.settingsFiles())
                : List.of();
    }

    /// The user's own arguments, behind what the launch adds.
    static List<String> argv(List<String> first, Launch launch, ClaudeArguments arguments) {
        var argv = new ArrayList<>(List.of(BINARY.name()));
        argv.addAll(first);
        launch.model().ifPresent(model -> argv.addAll(List.of("--model", model)));
        argv.addAll(arguments.rest());
        return argv;
    }

    /// A managed policy outranks the overlay: what it sets can't be pinned.
    private static void refusePolicy(SettingsFile policy, Launch launch) {
        for (var name : ClaudeVariables.scrubbed(policy.variables())) {
            var agrees = policy.variable(name)
                    .filter(launch.proxyUrl().toString()::equals)
                    .isPresent();
            if (!agrees) refuse(policy, name, POLICY);
        }
        if (!policy.json().path("apiKeyHelper").asText("").isEmpty()) {
            throw new ConflictingSetting(policy.path(), "apiKeyHelper", POLICY)
                    .refusal("ask the administrator to remove it");
        }
    }

    /// Refuses a file that sets a variable which nothing can undo.
    static void refuse(SettingsFile file, String variable, String why) {
        if (file.variable(variable).isEmpty()) return;
        throw ConflictingSetting.variable(file.path(), variable, why).refusal();
    }
}
