package lib.agents.claude;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.Connection;
import lib.agents.Explanation;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.MinimumVersion;
import lib.agents.PlanFlag;
import lib.agents.SettingsFile;
import lib.agents.credential.AgentCredential;
import lib.agents.variables.Inherited;
import lib.api.ProviderType;
import lib.base.Host;
import lib.config.Settings;

/// Claude Code with its own options.
///
///     Launch.claude(claude -> claude.bedrock().in(Path.of("work")))
///
/// @param modes the modes to assume when the provider can't be read: `--passthrough` or `--bedrock`
/// @param configDir the config home, `--claude-config-dir`
public record ClaudeAgent(Set<ClaudeMode> modes, Optional<Path> configDir) implements Agent {
    /// Claude Code without any options.
    public static final ClaudeAgent STANDARD = new ClaudeAgent(Set.of(), Optional.empty());

    /// Uses the user's own Claude subscription if the provider can't be read.
    public ClaudeAgent passthrough() {
        return withMode(ClaudeMode.PASSTHROUGH);
    }

    /// Lets the gateway sign for AWS Bedrock if the provider can't be read.
    public ClaudeAgent bedrock() {
        return withMode(ClaudeMode.BEDROCK);
    }

    /// Uses this `CLAUDE_CONFIG_DIR` instead of the real one.
    public ClaudeAgent in(Path configDir) {
        return new ClaudeAgent(modes, Optional.of(configDir));
    }

    private ClaudeAgent withMode(ClaudeMode mode) {
        var more = EnumSet.of(mode);
        more.addAll(modes);
        return new ClaudeAgent(more, configDir);
    }

    @Override
    public AgentBinary binary() {
        return ClaudeCode.BINARY;
    }

    @Override
    public Set<ProviderType> types() {
        return ClaudeCode.TYPES;
    }

    @Override
    public ProviderType usual() {
        return modes.contains(ClaudeMode.BEDROCK) ? ProviderType.BEDROCK : ProviderType.ANTHROPIC;
    }

    @Override
    public boolean needsRelay() {
        return false;
    }

    @Override
    public boolean passesCredentials() {
        return modes.contains(ClaudeMode.PASSTHROUGH);
    }

    /// In passthrough, Claude Code renews the subscription login itself.
    @Override
    public boolean reachesOut(Connection connection) {
        return Agent.super.reachesOut(connection)
                || ClaudeMode.decide(connection.provider(), modes).mode() == ClaudeMode.PASSTHROUGH;
    }

    @Override
    public void check(LaunchRequest request, Settings settings, Host host) {
        ClaudeMode.checkExclusive(modes);
    }

    @Override
    public List<SettingsFile> settingsFiles(Host host) {
        return ClaudeSettings.find(host, configDir.map(host.cwd()::resolve));
    }

    /// The user's sign-in at another gateway, if there is one: that gateway would get every request.
    public Optional<GatewaySignIn> signIn(List<SettingsFile> files, Host host) {
        return GatewaySignIn.find(host, configDir.map(host.cwd()::resolve), files);
    }

    @Override
    public Optional<MinimumVersion> oldest() {
        return Optional.of(ClaudeCode.MINIMUM);
    }

    /// Reads the settings files again after the session, since Claude Code also rereads them while it runs.
    @Override
    public List<String> otherWays(Host host) {
        return settingsFiles(host).stream()
                .flatMap(file -> ClaudeVariables.scrubbed(file.variables()).stream()
                        .filter(name -> file.variable(name).isPresent())
                        .map(name -> file.path() + " sets " + name))
                .toList();
    }

    @Override
    public String modelHelp() {
        return "The model; for Bedrock, the id of an inference profile. Default: Claude Code's own.";
    }

    @Override
    public PlanFlag planFlag() {
        return new PlanFlag("--print-settings", "the settings and the environment", Optional.empty());
    }

    @Override
    public List<Explanation.Line> explainChoices(LaunchRequest request, Connection connection, Host host) {
        var mode = ClaudeMode.decide(connection.provider(), modes).mode();
        return List.of(
                new Explanation.Line(
                        "mode",
                        mode.name().toLowerCase(Locale.ROOT),
                        connection.provider().isPresent() ? "the provider" : "the flags",
                        List.of()),
                new Explanation.Line(
                        "model",
                        request.model().orElse("(Claude Code's default)"),
                        request.model().isPresent() ? "-m" : "no -m",
                        List.of()));
    }

    /// Returns no lines: the overlay, which is explained with the settings, already shows the helper's command.
    @Override
    public List<Explanation.Line> explainPlan(LaunchPlan plan) {
        return List.of();
    }

    @Override
    public Optional<String> explainToken(Connection connection, LaunchPlan plan) {
        if (connection.bearer().isPresent()) return Optional.empty();
        var isRenewed = ClaudeMode.decide(connection.provider(), modes).mode() != ClaudeMode.PASSTHROUGH
                && !plan.settings().path("apiKeyHelper").asText("").isEmpty();
        return Optional.of(
                isRenewed
                        ? "renewed every %d s by a helper"
                                .formatted(ClaudeOverlay.helperInterval(plan).toSeconds())
                        : "one for the whole session");
    }

    /// Decides the mode and gets the token.
    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        var decision = ClaudeMode.decide(connection.provider(), modes);
        var input = input(request, connection, decision.mode(), token(connection, decision.mode(), host), host);
        var plan = ClaudeCode.plan(input).withWarnings(decision.warnings());
        return _ -> plan;
    }

    @Override
    public Optional<String> denied(LaunchRequest request, Connection connection, Host host) {
        var mode = ClaudeMode.decide(connection.provider(), modes).mode();
        return ClaudeCode.denied(input(request, connection, mode, AgentCredential.NO_SIGN_IN, host));
    }

    private ClaudeLaunchInput input(
            LaunchRequest request, Connection connection, ClaudeMode mode, AgentCredential token, Host host) {
        var files = settingsFiles(host);
        return new ClaudeLaunchInput(
                new ClaudeLaunchInput.Route(connection.proxyUrl(), mode, connection.provider(), token),
                request.model(),
                request.args(),
                new ClaudeLaunchInput.Files(configDir.map(host.cwd()::resolve), files, signIn(files, host)),
                Inherited.from(host));
    }

    private static AgentCredential token(Connection connection, ClaudeMode mode, Host host) {
        if (connection.bearer().isPresent())
            return new AgentCredential.Session(connection.bearer().get());
        var tokens = connection.tokens().orElseThrow();
        return mode == ClaudeMode.PASSTHROUGH
                ? AgentCredential.fixed(tokens, host, connection.tentative())
                : AgentCredential.of(tokens, connection.settings(), host, connection.tentative());
    }
}
