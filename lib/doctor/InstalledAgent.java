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
import lib.agents.variables.Withheld;
import lib.base.Host;
import lib.base.PrivateFile;

/// The agent's program on this machine.
///
/// @param program its path; empty where the agent is not installed
/// @param version the version that it prints; empty where it does not start or prints none
public record InstalledAgent(Optional<Path> program, Optional<AgentVersion> version) {

    static InstalledAgent of(DoctorContext context) {
        var program = context.launch().agent().binary().find(context.host());
        return new InstalledAgent(program, program.flatMap(p -> version(p, context.host(), context.callPatience())));
    }

    /// Asks the program. Its home is a temporary folder: Codex writes into its home even for this.
    private static Optional<AgentVersion> version(Path program, Host host, Duration patience) {
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

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            // The folder is in the cache, which may be emptied at any time.
        }
    }
}
