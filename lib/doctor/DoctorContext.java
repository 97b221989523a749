package lib.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.agents.AgentBinary;
import lib.agents.Connection;
import lib.agents.LaunchPlan;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeAgent;
import lib.agents.claude.ClaudeMode;
import lib.agents.claude.ClaudeSettings;
import lib.agents.claude.GatewaySignIn;
import lib.api.Provider;
import lib.api.ProxyUrl;
import lib.base.Host;
import lib.base.Secret;
import lib.config.Settings;
import lib.http.Http;

/// What is looked at, and with what patience.
///
/// @param host the machine
/// @param settings what is set
/// @param launch the launch that is to work
/// @param platform the machine's system
/// @param zone for times of day
/// @param patience how long any one answer may take; the model's may take twice as long
/// @param http the client of every call
record DoctorContext(
        Host host,
        Settings settings,
        InspectedLaunch launch,
        Platform platform,
        ZoneId zone,
        Duration patience,
        Http http) {

    /// The same for the launch of that provider.
    DoctorContext on(String provider) {
        return new DoctorContext(host, settings, launch.on(provider), platform, zone, patience, http);
    }

    /// How long a call may take by itself, so that it says what happened before its time is over.
    Duration callPatience() {
        return patience.multipliedBy(4).dividedBy(5);
    }

    /// How Claude Code would reach the model.
    static ClaudeMode mode(Optional<Provider> provider) {
        return ClaudeMode.decide(provider.filter(p -> DoctorAgent.CLAUDE.types().contains(p.type())), Set.of())
                .mode();
    }

    /// The settings files that Claude Code reads besides the launch's own.
    List<SettingsFile> settingsFiles() {
        return ClaudeSettings.find(host, Optional.empty());
    }

    /// Claude Code's sign-in at another gateway, if it has one.
    Optional<GatewaySignIn> signIn() {
        return ClaudeAgent.STANDARD.signIn(settingsFiles(), host);
    }

    /// The plan of a launch by way of that gateway, with nothing done; Claude Code's and Codex's own checks make
    /// theirs.
    ///
    /// @throws lib.UserError for what the launch would fail with
    LaunchPlan plan(URI gateway, Optional<Provider> provider) {
        var asked = launch.request();
        var url = ProxyUrl.of(gateway, launch.provider().orElseThrow());
        return launch.agent()
                .launched()
                .plan(
                        asked,
                        new Connection(settings, url, provider, Optional.of(new Secret("")), Optional.empty(), true),
                        host)
                .apply(Path.of(""));
    }

    /// The model that the session would start with.
    SelectedModel model(Optional<Provider> provider) {
        if (launch.agent().isClaude())
            return SelectedModel.forClaude(launch.model(), settingsFiles(), host.env(), mode(provider), provider);
        return launch.agent().isCodex()
                ? SelectedModel.forCodex(launch.model(), provider)
                : SelectedModel.forAnother(launch.model(), provider);
    }

    /// The agent's program and npm.
    static List<CheckResult> agent(Host host, InspectedLaunch launch, Platform platform, Duration patience) {
        var program = launch.agent().binary().find(host);
        var check = AgentCheck.of(launch.agent(), program, program.flatMap(p -> AgentCheck.version(p, host, patience)));
        var needed = program.isEmpty() && launch.agent().oldest().isPresent();
        return List.of(check, AgentCheck.npm(AgentBinary.onPath(host, "npm"), needed, host, platform));
    }
}
