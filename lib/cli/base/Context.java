package lib.cli.base;

import java.util.Set;
import java.util.function.BiConsumer;
import lib.agents.Agent;
import lib.agents.LaunchRequest;
import lib.api.ConnectClient;
import lib.auth.Tokens;
import lib.base.Host;
import lib.config.Settings;
import lib.http.Http;
import lib.launch.GatewaySession;
import lib.launch.LaunchRunner;
import lib.terminal.Progress;
import lib.terminal.Style;

/// What a command is given: the machine, the global flags, and the first steps of the walk, each made when asked
/// for.
///
/// @param host the machine
/// @param flags the global flags, filled in by the time a command runs
/// @param inheritedFiles the descriptors that the shell handed to this process
/// @param http the client for control calls
/// @param progress what is said while it takes its time
public record Context(Host host, GlobalFlags flags, Set<Integer> inheritedFiles, Http http, Progress progress) {
    /// What is set, for a command that works against a gateway.
    public Settings settings() {
        return settings(false);
    }

    /// What is set.
    ///
    /// @param embedded whether no profile is asked for, so that a broken one does not stand in the way
    public Settings settings(boolean embedded) {
        return Settings.resolve(flags.flags(embedded), host);
    }

    /// What is set in another environment than the current one.
    public Settings settingsOf(String environment) {
        return Settings.resolve(flags.flags(false).withProfile(environment), host);
    }

    /// The gateway that the settings name, or one in this process.
    public GatewaySession session(Settings settings) {
        return GatewaySession.open(host, http, settings);
    }

    /// Asks the gateway that is configured, or the embedded one, by its management API.
    public void asking(BiConsumer<ConnectClient, Settings> question) {
        var settings = settings();
        try (var session = session(settings)) {
            question.accept(session.connect(host, http, settings), settings);
        }
    }

    /// The configured gateway, for a command that changes what it holds.
    ///
    /// @throws lib.UserError when there is none
    public ConnectClient writable(Settings settings) {
        return GatewaySession.writable(host, http, settings);
    }

    /// A launch from here.
    public LaunchRunner launching(Agent agent, LaunchRequest request) {
        return new LaunchRunner(agent, request, host, http, inheritedFiles);
    }

    /// Where the gateway's tokens come from.
    public Tokens tokens(Settings settings) {
        return Tokens.of(settings, host, http());
    }

    /// Colour, where somebody sees it and wants it.
    public Style style() {
        return Style.of(host, flags.noColor);
    }
}
