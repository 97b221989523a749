package lib.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.agents.AgentVersion;
import lib.agents.Withheld;
import lib.base.Host;
import lib.base.PrivateFile;

/// Whether the agent is on the PATH and new enough, and whether npm could install it.
final class AgentCheck {
    static final String NAME = "agent";
    static final String NPM = "npm";

    private AgentCheck() {}

    /// @param program where it is
    /// @param version what it says of itself
    static CheckResult of(DoctorAgent agent, Optional<Path> program, Optional<AgentVersion> version) {
        var binary = agent.binary();
        if (agent.oldest().isEmpty())
            return CheckResult.skipped(
                    NAME, "any program; rpkai run %s says whether it is there".formatted(agent.label()));
        if (program.isEmpty())
            return CheckResult.failed(
                    NAME,
                    "no %s on the PATH".formatted(binary.name()),
                    "npm install -g %s@latest".formatted(binary.npmPackage()));
        var update = agent.launched()
                .oldest()
                .map(minimum -> minimum.update(program.get()))
                .orElse("npm install -g %s@latest".formatted(binary.npmPackage()));
        if (version.isEmpty())
            return CheckResult.failed(
                    NAME, "%s does not start, or does not say its version".formatted(program.get()), update);
        var found = "%s %s, %s".formatted(binary.title(), version.get(), program.get());
        if (version.get().compareTo(agent.oldest().get()) >= 0) return CheckResult.ok(NAME, found);
        return agent.refusesOlder()
                ? CheckResult.failed(
                        NAME,
                        "%s is too old: %s or later is needed"
                                .formatted(found, agent.oldest().get()),
                        update)
                : CheckResult.warning(
                        NAME,
                        "%s is older than %s, the first that was measured"
                                .formatted(found, agent.oldest().get()),
                        update);
    }

    /// @param npm where it is
    /// @param needed whether the agent has yet to be installed
    static CheckResult npm(Optional<Path> npm, boolean needed, Host host, Platform platform) {
        if (npm.isPresent()) return CheckResult.ok(NPM, npm.get().toString());
        return needed
                ? CheckResult.failed(NPM, "no npm on the PATH, which installs the agents", install(host, platform))
                : CheckResult.skipped(NPM, "not on the PATH, and not needed");
    }

    /// Asks the program. Its home is a throwaway one: Codex writes into it even for this.
    static Optional<AgentVersion> version(Path program, Host host, Duration patience) {
        var folder = host.cache().resolve("doctor-" + ProcessHandle.current().pid());
        try {
            PrivateFile.createFolder(folder);
            var env = new TreeMap<>(Withheld.secrets(host));
            env.put("CODEX_HOME", folder.toString());
            env.put("CLAUDE_CONFIG_DIR", folder.toString());
            env.put("DISABLE_AUTOUPDATER", "1");
            return AgentVersion.of(program, env, patience);
        } catch (IOException e) {
            return Optional.empty();
        } finally {
            delete(folder);
        }
    }

    /// Linux has a command of its own in every family.
    private static String install(Host host, Platform platform) {
        if (platform != Platform.LINUX) return platform.installNpm();
        return Stream.of("dnf install -y", "zypper install -y", "pacman -S --noconfirm", "apk add")
                .filter(command -> Stream.of("usr/bin", "sbin")
                        .anyMatch(folder ->
                                Files.exists(host.root().resolve(folder).resolve(command.split(" ")[0]))))
                .findFirst()
                .map(command -> "sudo %s npm".formatted(command))
                .orElse(platform.installNpm());
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            // It is in the cache, which is there to be emptied.
        }
    }
}
