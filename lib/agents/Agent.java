package lib.agents;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lib.api.ProviderType;
import lib.base.Host;
import lib.config.AuthMode;
import lib.config.Settings;

/// An agent that rpkai launches. One file implements this, and one line in [Agents] makes it a command; flags of its
/// own are a second file, an [AgentOptions]. A script launches an agent of its own without the line. Everything in
/// which agents differ is a method here; what most have in common is the default.
///
///     record Hello() implements Agent { … }
///     Launch.of(new Hello()).through("openai").run()
///
/// A record of the agent's own options: what every launch has is in [LaunchRequest], what was found out on the
/// way in [Connection].
public interface Agent {
    /// How it is found and installed; its name is the word behind `rpkai run`.
    AgentBinary binary();

    /// The provider types that it speaks to.
    Set<ProviderType> types();

    /// What a provider is taken for that its caller may use and not read.
    ProviderType usual();

    /// Decides everything that can fail, and answers with the plan that remains to be told the home; touches
    /// nothing.
    ///
    /// @throws lib.UserError when it can't be launched this way
    Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host);

    /// Checks what can be checked before anybody is asked.
    ///
    /// @throws lib.UserError when it is not right; bad usage
    default void check(LaunchRequest request, Settings settings, Host host) {}

    /// Whether its traffic takes the relay in this process also where nobody asked for that: for an agent that
    /// takes one token and can't ask for the next.
    default boolean needsRelay() {
        return true;
    }

    /// Whether the user's own credentials may go through to the upstream, which takes a header beside them.
    default boolean passesCredentials() {
        return false;
    }

    /// Whether it, or a helper of its own, has business at other hosts than the gateway's. Then it keeps the
    /// user's proxy where the gateway is on this machine, and must heed `NO_PROXY` for that one.
    default boolean reachesOut(Connection connection) {
        return connection.bearer().isEmpty() && connection.settings().authMode() != AuthMode.NONE;
    }

    /// The settings files that it reads besides what the launch gives it, `.env` files included.
    default List<SettingsFile> settingsFiles(Host host) {
        return List.of();
    }

    /// What could have led it to another place, for a session of which nothing came through: `FILE sets NAME`.
    default List<String> otherWays(Host host) {
        return List.of();
    }

    /// The model that a launch starts with, where it is known that its provider does not allow it.
    default Optional<String> denied(LaunchRequest request, Connection connection, Host host) {
        return request.model()
                .filter(model -> connection
                        .provider()
                        .filter(provider -> !provider.allows(model))
                        .isPresent());
    }

    /// Where it lives while it runs.
    default Home home() {
        return new Home.Own();
    }

    /// Its program.
    ///
    /// @throws lib.UserError when there is none
    default Path program(LaunchRequest request, Host host) {
        return request.has(LaunchOption.INSTALL_AGENT) ? NpmInstall.ensure(binary(), host) : binary().require(host);
    }

    /// What the help says of `-m`.
    default String modelHelp() {
        return "The model. Default: the first model that the provider allows, or else the agent's own.";
    }

    /// What the help says of the arguments behind `--`.
    default String argsHelp() {
        var line = "Everything after -- is passed to %s unchanged.".formatted(binary().title());
        return needsRelay()
                ? line + " The agent gets a key for a local relay; the relay adds a fresh gateway token to every "
                        + "request."
                : line;
    }

    /// The flag of `rpkai run` that prints its launch.
    default PlanFlag planFlag() {
        return PlanFlag.PLAN;
    }

    /// Whether its launch is shown, by that flag and by `rpkai explain`, without asking the gateway anything.
    default boolean isPlannedUnasked() {
        return false;
    }

    /// What `rpkai explain` says of the choices that this agent has: the model, its home.
    default List<Explanation.Line> explainChoices(LaunchRequest request, Connection connection, Host host) {
        return List.of();
    }

    /// What `rpkai explain` says of the plan besides its variables and settings.
    default List<Explanation.Line> explainPlan(LaunchPlan plan) {
        return List.of(
                new Explanation.Line("command line", String.join(" ", plan.argv()), Explanation.LAUNCH, List.of()));
    }

    /// How it comes by the gateway token, as `rpkai explain` says it; empty where a relay, or the gateway in this
    /// process, puts it on each request.
    default Optional<String> explainToken(Connection connection, LaunchPlan plan) {
        return Optional.empty();
    }

    /// The oldest version that a launch takes; empty where any will do.
    default Optional<MinimumVersion> oldest() {
        return Optional.empty();
    }

    /// The same program, or another where that one is too old.
    ///
    /// @param environment the environment of the launch
    default Path newEnough(Path program, Map<String, String> environment, LaunchRequest request, Host host) {
        return oldest().map(minimum -> minimum.require(program, environment, request, host))
                .orElse(program);
    }
}
