package lib.agents.claude;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.AgentCredential;
import lib.agents.Connection;
import lib.agents.Inherited;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.MinimumVersion;
import lib.agents.SettingsFile;
import lib.api.ProviderType;
import lib.base.Host;
import lib.config.Settings;

/// Claude Code with its own options.
///
///     Launch.claude(claude -> claude.bedrock().in(Path.of("work")))
///
/// @param modes what stands in where the provider can't be read: `--passthrough` or `--bedrock`
/// @param configDir `--claude-config-dir`
public record ClaudeAgent(Set<ClaudeMode> modes, Optional<Path> configDir) implements Agent {
    /// Without any.
    public static final ClaudeAgent STANDARD = new ClaudeAgent(Set.of(), Optional.empty());

    /// The user's own Claude subscription goes through, where the provider can't be read.
    public ClaudeAgent passthrough() {
        return withMode(ClaudeMode.PASSTHROUGH);
    }

    /// The gateway signs for AWS Bedrock, where the provider can't be read.
    public ClaudeAgent bedrock() {
        return withMode(ClaudeMode.BEDROCK);
    }

    /// This `CLAUDE_CONFIG_DIR` instead of the real one.
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

    /// In passthrough it renews the subscription login by itself.
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

    /// Its sign-in at another gateway, if it has one: that would take every request there.
    public Optional<GatewaySignIn> signIn(List<SettingsFile> files, Host host) {
        return GatewaySignIn.find(host, configDir.map(host.cwd()::resolve), files);
    }

    @Override
    public Optional<MinimumVersion> oldest() {
        return Optional.of(ClaudeCode.MINIMUM);
    }

    /// The settings files as they are when the session is over: it reads them anew as it runs.
    @Override
    public List<String> otherWays(Host host) {
        return settingsFiles(host).stream()
                .flatMap(file -> ClaudeVariables.scrubbed(file.variables()).stream()
                        .filter(name -> file.variable(name).isPresent())
                        .map(name -> file.path() + " sets " + name))
                .toList();
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        var plan = prepare(request, connection, host).plan();
        return _ -> plan;
    }

    /// What the plan is made from, and what was ignored on the way.
    public record Prepared(ClaudeLaunchInput input, List<String> warnings) {
        public LaunchPlan plan() {
            return ClaudeCode.plan(input).withWarnings(warnings);
        }
    }

    /// Decides the mode and gets the token.
    ///
    /// @throws lib.UserError for flags that don't go with the provider, or without a usable token
    public Prepared prepare(LaunchRequest request, Connection connection, Host host) {
        var decision = ClaudeMode.decide(connection.provider(), modes);
        return new Prepared(
                input(request, connection, decision.mode(), token(connection, decision.mode(), host), host),
                decision.warnings());
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
