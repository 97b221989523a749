package lib.agents.claude;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.agents.AgentBinary;
import lib.agents.AgentVersion;
import lib.agents.ConflictingSetting;
import lib.agents.LaunchPlan;
import lib.agents.MinimumVersion;
import lib.agents.SettingsFile;
import lib.api.ProviderType;
import lib.base.UserError;

/// Claude Code, launched so that its model traffic goes through the gateway and nowhere else.
///
///     var plan = ClaudeCode.plan(input);
///     plan.argv()   // [claude, --settings, {"apiKeyHelper":…}, …]
///
/// @see <a href="https://docs.claude.com/en/docs/claude-code/settings">Claude Code's settings</a>
public final class ClaudeCode {
    /// Describes how to find and install Claude Code.
    public static final AgentBinary BINARY =
            new AgentBinary("claude", "Claude Code", "@anthropic-ai/claude-code", "2.1.330");

    /// The first version that keeps `ANTHROPIC_AUTH_TOKEN` and `ANTHROPIC_CUSTOM_HEADERS` out of a repository's
    /// `.mcp.json`; version 2.1.252 still passes them on. Versions since 2.1.198 ignore `ANTHROPIC_UNIX_SOCKET`
    /// in `~/.claude.json`.
    public static final MinimumVersion MINIMUM = new MinimumVersion(
            BINARY, new AgentVersion(2, 1, 257), "which does not give the gateway's token to a repository's .mcp.json");

    /// The provider types that Claude Code can use.
    public static final Set<ProviderType> TYPES = Set.of(ProviderType.ANTHROPIC, ProviderType.BEDROCK);

    /// The model that Claude Code requests when none is chosen; on Bedrock it has a prefix that follows the
    /// region.
    public static final String DEFAULT_MODEL = "claude-opus-5-5";

    private static final String POLICY = "is set by the administrator's policy and overrides the launch";

    private ClaudeCode() {}

    /// Plans a launch. Changes nothing.
    ///
    /// @throws UserError when a settings file would lead Claude Code past the gateway and nothing can undo that
    public static LaunchPlan plan(ClaudeLaunchInput input) {
        if (input.files().signIn().isPresent())
            throw input.files().signIn().get().refusal();
        input.settingsFiles()
                .forEach(file -> refuse(file, ClaudeVariables.UNIX_SOCKET, "sends every request to its own socket"));
        input.settingsFiles().stream()
                .filter(file -> file.layer() == SettingsFile.Layer.MANAGED)
                .forEach(file -> refusePolicy(file, input));
        var arguments = ClaudeArguments.parse(input.args(), input.inherited().cwd());
        var warnings = new ArrayList<String>();
        input.settingsFiles().stream()
                .filter(SettingsFile::broken)
                .forEach(file -> warnings.add(
                        "%s is not valid JSON; Claude Code ignores it, and so does rpkai".formatted(file.path())));
        warnings.addAll(new ClaudeModelCheck(input, arguments).warnings());
        var plan = input.mode() == ClaudeMode.PASSTHROUGH
                ? ClaudePassthrough.plan(input, arguments)
                : ClaudeOverlay.plan(input, arguments);
        return plan.withWarnings(warnings);
    }

    /// The model that a launch starts with, if its provider is known not to allow it.
    static Optional<String> denied(ClaudeLaunchInput input) {
        return new ClaudeModelCheck(
                        input,
                        ClaudeArguments.parse(input.args(), input.inherited().cwd()))
                .denied();
    }

    /// Settings in the files that displace the user's own login. A launch only warns about them.
    public static List<ConflictingSetting> displacements(ClaudeLaunchInput input) {
        return input.mode() == ClaudeMode.PASSTHROUGH
                ? ClaudePassthrough.displacements(input.settingsFiles())
                : List.of();
    }

    /// The command line: the launch's words, then the user's own arguments.
    static List<String> argv(List<String> first, ClaudeLaunchInput input, ClaudeArguments arguments) {
        var argv = new ArrayList<>(List.of(BINARY.name()));
        argv.addAll(first);
        input.model().ifPresent(model -> argv.addAll(List.of("--model", model)));
        argv.addAll(arguments.rest());
        return argv;
    }

    /// Refuses a managed policy that conflicts. A policy outranks the overlay, so its settings can't be pinned.
    private static void refusePolicy(SettingsFile policy, ClaudeLaunchInput input) {
        for (var name : ClaudeVariables.scrubbed(policy.variables())) {
            var agrees = policy.variable(name)
                    .filter(input.proxyUrl().toString()::equals)
                    .isPresent();
            if (!agrees) refuse(policy, name, POLICY);
        }
        if (!policy.json().path("apiKeyHelper").asText("").isEmpty()) {
            throw new ConflictingSetting(policy.path(), "apiKeyHelper", POLICY)
                    .refusal("ask the administrator to remove it");
        }
    }

    /// Refuses a file that sets a variable which can't be undone.
    static void refuse(SettingsFile file, String variable, String why) {
        if (file.variable(variable).isEmpty()) return;
        throw ConflictingSetting.variable(file.path(), variable, why).refusal();
    }
}
