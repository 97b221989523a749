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

/// The context of a command: the machine, the global flags, and the objects that most commands need, each made
/// on demand.
///
/// @param host the machine
/// @param flags the global flags, filled in by the time a command runs
/// @param inheritedFiles the descriptors that the shell handed to this process
/// @param http the client for control calls
/// @param progress the messages shown while a command takes its time
public record Context(Host host, GlobalFlags flags, Set<Integer> inheritedFiles, Http http, Progress progress) {
    /// The settings, for a command that uses a gateway.
    public Settings settings() {
        return settings(false);
    }

    /// The settings.
    ///
    /// @param embedded whether to ignore profiles, so that a broken one causes no error
    public Settings settings(boolean embedded) {
        return Settings.resolve(flags.flags(embedded), host);
    }

    /// The settings in an environment other than the current one.
    public Settings settingsOf(String environment) {
        return Settings.resolve(flags.flags(false).withProfile(environment), host);
    }

    /// Opens the gateway that the settings name, or starts one in this process.
    public GatewaySession session(Settings settings) {
        return GatewaySession.open(host, http, settings);
    }

    /// Runs a query against the management API of the configured gateway, or of the embedded one.
    public void asking(BiConsumer<ConnectClient, Settings> question) {
        var settings = settings();
        try (var session = session(settings)) {
            question.accept(session.connect(host, http, settings), settings);
        }
    }

    /// The configured gateway, for a command that changes its data.
    ///
    /// @throws lib.base.UserError when there is none
    public ConnectClient writable(Settings settings) {
        return GatewaySession.writable(host, http, settings);
    }

    /// Prepares a launch.
    public LaunchRunner launchRunner(Agent agent, LaunchRequest request) {
        return new LaunchRunner(agent, request, host, http, inheritedFiles);
    }

    /// The source of the gateway's tokens.
    public Tokens tokens(Settings settings) {
        return Tokens.of(settings, host, http());
    }

    /// The colours of the output; plain if output is not a terminal or the user does not want colour.
    public Style style() {
        return Style.of(host, flags.noColor);
    }
}
