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

/// An agent that rpkai can launch. One file implements this interface, and one line in
/// [lib.agents.registry.Agents] makes it a command. Flags of its own need a second file, an [AgentOptions]. A
/// script can launch its own agent without that line. Each method is something in which agents differ; the defaults are
/// what most agents have in
/// common.
///
///     record Hello() implements Agent { … }
///     Launch.of(new Hello()).through("openai").run()
///
/// An agent is a record of its own options. [LaunchRequest] has the options of every launch, and [Connection]
/// has what was looked up for this launch.
public interface Agent {
    /// Describes how to find and install the agent; the binary's name is the word after `rpkai run`.
    AgentBinary binary();

    /// The provider types that the agent can use.
    Set<ProviderType> types();

    /// The type assumed for a provider that the caller may use but not read.
    ProviderType usual();

    /// Decides everything that can fail and returns a function from the agent's home to the plan. Changes
    /// nothing.
    ///
    /// @throws lib.base.UserError when the agent can't be launched this way
    Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host);

    /// Checks what can be checked before any request is sent.
    ///
    /// @throws lib.base.UserError for an invalid option or argument; bad usage
    default void check(LaunchRequest request, Settings settings, Host host) {}

    /// Returns whether the agent always uses the relay in this process, even where the user did not ask for it.
    /// This is for agents that take one token and can't ask for the next.
    default boolean needsRelay() {
        return true;
    }

    /// Returns whether the user's own credentials may pass through to the upstream, which takes the gateway's
    /// token in a header beside them.
    default boolean passesCredentials() {
        return false;
    }

    /// Returns whether the agent, or a helper of its own, contacts hosts other than the gateway. Such an agent
    /// keeps the user's proxy even when the gateway is on this machine, and must heed `NO_PROXY` for the
    /// gateway.
    default boolean reachesOut(Connection connection) {
        return connection.bearer().isEmpty() && connection.settings().authMode() != AuthMode.NONE;
    }

    /// The settings files that the agent reads besides those of the launch, `.env` files included.
    default List<SettingsFile> settingsFiles(Host host) {
        return List.of();
    }

    /// Settings that may have led the agent past the gateway, each as `FILE sets NAME`. They are shown after a
    /// session in which no request reached the gateway.
    default List<String> otherWays(Host host) {
        return List.of();
    }

    /// The model that a launch starts with, if its provider is known not to allow it.
    default Optional<String> denied(LaunchRequest request, Connection connection, Host host) {
        return request.model()
                .filter(model -> connection
                        .provider()
                        .filter(provider -> !provider.allows(model))
                        .isPresent());
    }

    /// The home of the agent while it runs.
    default Home home() {
        return new Home.Own();
    }

    /// The agent's program.
    ///
    /// @throws lib.base.UserError when the program can't be found
    default Path program(LaunchRequest request, Host host) {
        return request.has(LaunchOption.INSTALL_AGENT) ? NpmInstall.ensure(binary(), host) : binary().require(host);
    }

    /// The help text of `-m`.
    default String modelHelp() {
        return "The model. Default: the first model that the provider allows, or else the agent's own.";
    }

    /// The help text of the arguments after `--`.
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

    /// Returns whether that flag and `rpkai explain` can show the launch without any request to the gateway.
    default boolean isPlannedUnasked() {
        return false;
    }

    /// The lines of `rpkai explain` about this agent's own choices: the model and its home.
    default List<Explanation.Line> explainChoices(LaunchRequest request, Connection connection, Host host) {
        return List.of();
    }

    /// The lines of `rpkai explain` about the plan, besides its variables and settings.
    default List<Explanation.Line> explainPlan(LaunchPlan plan) {
        return List.of(
                new Explanation.Line("command line", String.join(" ", plan.argv()), Explanation.LAUNCH, List.of()));
    }

    /// How the agent gets the gateway token, in the words of `rpkai explain`; empty where a relay, or the
    /// gateway in this process, adds the token to each request.
    default Optional<String> explainToken(Connection connection, LaunchPlan plan) {
        return Optional.empty();
    }

    /// The oldest version that can be launched; empty if any version can.
    default Optional<MinimumVersion> oldest() {
        return Optional.empty();
    }

    /// The same program, or a newer one if that one is too old.
    ///
    /// @param environment the environment of the launch
    default Path newEnough(Path program, Map<String, String> environment, LaunchRequest request, Host host) {
        return oldest().map(minimum -> minimum.require(program, environment, request, host))
                .orElse(program);
    }
}
