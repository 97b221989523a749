package lib.agents.codex;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.Connection;
import lib.agents.Explanation;
import lib.agents.Home;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.MinimumVersion;
import lib.agents.PlanFlag;
import lib.agents.home.PersistentHome;
import lib.agents.variables.Inherited;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Host;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.config.Settings;

/// Codex with its own options.
///
///     Launch.codex(codex -> codex.effort("high").in("codex-work"))
///
/// @param reasoning the reasoning effort as it was typed, `--effort`
/// @param lasting the home that stays, `--codex-home`
/// @param trust whether the working folder is trusted without asking the user
public record CodexAgent(Optional<String> reasoning, Optional<String> lasting, boolean trust) implements Agent {
    /// Codex without any options.
    public static final CodexAgent STANDARD = new CodexAgent(Optional.empty(), Optional.empty(), true);

    /// Uses this reasoning effort: none, minimal, low, medium, high or xhigh.
    public CodexAgent effort(String effort) {
        return new CodexAgent(Optional.of(effort), lasting, trust);
    }

    /// Uses a `CODEX_HOME` that stays.
    public CodexAgent in(String dir) {
        return new CodexAgent(reasoning, Optional.of(dir), trust);
    }

    /// Lets Codex ask whether the working folder is trusted.
    public CodexAgent untrusting() {
        return new CodexAgent(reasoning, lasting, false);
    }

    @Override
    public AgentBinary binary() {
        return Codex.BINARY;
    }

    @Override
    public Set<ProviderType> types() {
        return Codex.TYPES;
    }

    @Override
    public ProviderType usual() {
        return ProviderType.OPENAI;
    }

    @Override
    public boolean needsRelay() {
        return false;
    }

    @Override
    public Optional<String> denied(LaunchRequest request, Connection connection, Host host) {
        return Codex.denied(connection.provider(), request.model(), request.args());
    }

    @Override
    public Home home() {
        return lasting.<Home>map(Home.Lasting::new).orElseGet(Home.Throwaway::new);
    }

    @Override
    public void check(LaunchRequest request, Settings settings, Host host) {
        effort();
        if (settings.authMode() == AuthMode.TOKEN && !settings.wantsEmbeddedGateway() && !request.isRelayed())
            throw staticToken();
        Codex.check(request.args(), lasting.isPresent());
        lasting.ifPresent(dir -> PersistentHome.checked(dir, host));
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        var token = connection
                .bearer()
                .<CodexToken>map(CodexToken.Variable::new)
                .or(() -> connection
                        .tokens()
                        .map(tokens -> CodexToken.of(tokens, connection.settings(), lasting.isPresent(), host)))
                .orElseGet(() -> CodexToken.unasked(connection.settings(), host));
        return home -> Codex.plan(input(request, connection.proxyUrl(), connection.provider(), token, home, host));
    }

    @Override
    public Optional<MinimumVersion> oldest() {
        return Optional.of(Codex.MINIMUM);
    }

    @Override
    public String modelHelp() {
        return "The model. Default: Codex's own.";
    }

    @Override
    public String argsHelp() {
        return "Everything after -- is passed to Codex unchanged; arguments that would bypass the gateway are refused.";
    }

    @Override
    public PlanFlag planFlag() {
        return new PlanFlag("--print-config", "the config.toml", Optional.of(Codex.CONFIG));
    }

    /// Returns nothing: Codex checks the model itself, and its configuration names no provider's models.
    @Override
    public boolean isPlannedUnasked() {
        return true;
    }

    @Override
    public List<Explanation.Line> explainChoices(LaunchRequest request, Connection connection, Host host) {
        return List.of(
                new Explanation.Line(
                        "model",
                        request.model().orElse("(Codex's default)"),
                        request.model().isPresent() ? "-m" : "no -m",
                        List.of()),
                new Explanation.Line(
                        "CODEX_HOME",
                        lasting.orElse("(a temporary one for the session)"),
                        lasting.isPresent() ? "--codex-home" : Explanation.LAUNCH,
                        List.of(host.variable("CODEX_HOME")
                                .orElse(host.home().resolve(".codex").toString()))));
    }

    @Override
    public List<Explanation.Line> explainPlan(LaunchPlan plan) {
        return plan.files().values().stream()
                .flatMap(toml -> Explanation.ofToml(toml).stream())
                .toList();
    }

    private CodexLaunchInput input(
            LaunchRequest request, URI proxyUrl, Optional<Provider> provider, CodexToken token, Path home, Host host) {
        var cwd = real(host.cwd());
        return new CodexLaunchInput(
                new CodexLaunchInput.Route(proxyUrl, provider, token),
                new CodexLaunchInput.Model(request.model(), effort()),
                new CodexLaunchInput.CodexHome(home, lasting.isPresent()),
                new CodexLaunchInput.Folder(trust, repository(cwd, host)),
                request.args(),
                new Inherited(host.env(), cwd));
    }

    private Optional<Effort> effort() {
        return reasoning.map(Effort::of);
    }

    /// The folder's own settings for Codex, which came with other people's code. In the user's home they are
    /// the user's own.
    private static Optional<Path> repository(Path cwd, Host host) {
        return Optional.of(cwd.resolve(".codex"))
                .filter(dir -> Files.exists(dir, LinkOption.NOFOLLOW_LINKS) && !cwd.equals(real(host.home())));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static UserError staticToken() {
        return UserError.usage(
                "a static token (--token, RPAI_TOKEN, auth_mode token) cannot be used with "
                        + "Codex, because its token command would expose the token on disk and in the "
                        + "process list",
                "add --broker, or run rpkai auth login and omit the token");
    }
}
