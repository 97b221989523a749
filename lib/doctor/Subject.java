package lib.doctor;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import lib.Host;
import lib.agents.AgentBinary;
import lib.agents.claude.ClaudeMode;
import lib.agents.claude.SettingsFile;
import lib.config.Settings;
import lib.http.Http;
import lib.providers.Provider;

/// What is looked at, and with what patience.
///
/// @param host the machine
/// @param settings what is set
/// @param launch the launch that is to work
/// @param platform the machine's system
/// @param zone for times of day
/// @param patience how long any one answer may take; the model's may take twice as long
/// @param http the client of every call
record Subject(Host host, Settings settings, Launch launch, Platform platform, ZoneId zone, Duration patience, Http http) {

    /// The same for the launch of that provider.
    Subject on(String provider) {
        return new Subject(host, settings, launch.on(provider), platform, zone, patience, http);
    }

    /// How long a call may take by itself, so that it says what happened before its time is over.
    Duration callPatience() {
        return patience.multipliedBy(4).dividedBy(5);
    }

    /// How Claude Code would reach the model.
    static ClaudeMode mode(Optional<Provider> provider) {
        return ClaudeMode.decide(provider.filter(p -> Agent.CLAUDE.types().contains(p.type())), false, false).mode();
    }

    /// The settings files that Claude Code reads besides the launch's own.
    List<SettingsFile> settingsFiles() {
        return SettingsFile.find(host, Optional.empty());
    }

    /// The model that the session would start with.
    ChosenModel model(Optional<Provider> provider) {
        return launch.agent() == Agent.CODEX ? ChosenModel.forCodex(launch.model(), provider) : ChosenModel.forClaude(launch.model(), settingsFiles(), mode(provider), provider);
    }

    /// The agent's program and npm.
    static List<Check> agent(Host host, Launch launch, Platform platform, Duration patience) {
        var program = launch.agent().binary().find(host);
        var check = AgentCheck.of(launch.agent(), program, program.flatMap(p -> AgentCheck.version(p, host, patience)));
        return List.of(check, AgentCheck.npm(AgentBinary.onPath(host, "npm"), program.isEmpty(), host, platform));
    }
}
