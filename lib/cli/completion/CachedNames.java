package lib.cli.completion;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import lib.base.Host;
import lib.base.PrivateFile;

/// A cache of a gateway's recent names, for a shell that completes a word. There is one small file for each
/// config and gateway, and reading it loads no other part of rpkai.
///
///     CachedNames.of(host, null, "prod", null).print(System.out, "PROVIDER", "claude")
public final class CachedNames {
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(7);

    private final Path file;

    private CachedNames(Path file) {
        this.file = file;
    }

    /// One name.
    ///
    /// @param kind PROVIDER, MODEL, SERVER or ENVIRONMENT
    /// @param good the agents or providers with which it can be used; empty for all
    record Name(String kind, String name, String description, List<String> good) {
        String line() {
            return kind + "\t" + plain(name) + "\t" + plain(description) + "\t" + String.join(",", good);
        }

        /// Reduces a gateway's text to a single word without control characters, which could move the cursor.
        private static String plain(String text) {
            return text.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
        }
    }

    /// The cache of the gateway that these flags name; a flag that is not given is null. A changed config has a
    /// new cache.
    public static CachedNames of(Host host, String config, String profile, String endpoint) {
        var path = host.cwd()
                .resolve(Optional.ofNullable(config)
                        .or(() -> host.variable("RPAI_CONFIG"))
                        .map(text -> text.startsWith("~/") ? host.home() + text.substring(1) : text)
                        .orElse(host.home() + "/.rpai/config"));
        var key = new CRC32C();
        key.update((path + "\n" + changed(path) + "\n" + changed(path.resolveSibling("credentials")) + "\n"
                        + (profile != null
                                ? profile
                                : host.variable("RPAI_PROFILE").orElse("")) + "\n" + endpoint)
                .getBytes(StandardCharsets.UTF_8));
        return new CachedNames(host.cache().resolve("completion").resolve(Long.toHexString(key.getValue())));
    }

    private static long changed(Path path) {
        return path.toFile().lastModified();
    }

    /// Prints the names of a kind: a name and a description in each line.
    ///
    /// @param of the agent or provider with which the names must be usable; empty for any
    /// @return whether the cache has names
    public boolean print(PrintStream out, String kind, String of) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            return false;
        }
        for (var line : lines) {
            var fields = line.split("\t", -1);
            if (fields.length != 4 || !fields[0].equals(kind)) continue;
            if (!of.isEmpty()
                    && !fields[3].isEmpty()
                    && !Arrays.asList(fields[3].split(",")).contains(of)) continue;
            out.print(fields[1] + "\t" + fields[2] + "\n");
        }
        out.flush();
        return true;
    }

    public boolean isOld(Instant now) {
        return file.toFile().lastModified() < now.minus(FRESH).toEpochMilli();
    }

    /// Marks the cache as new, so that a second Tab meanwhile does not ask the gateway again.
    public void touch(Instant now) {
        file.toFile().setLastModified(now.toEpochMilli());
    }

    /// Stores the names, and deletes caches of other configs and gateways after a week.
    void write(List<Name> names) {
        try {
            PrivateFile.createFolder(file.getParent());
            PrivateFile.write(
                    file,
                    String.join(
                                    "",
                                    names.stream()
                                            .map(name -> name.line() + "\n")
                                            .toList())
                            .getBytes(StandardCharsets.UTF_8));
            try (var others = Files.list(file.getParent())) {
                var before = Instant.now().minus(KEPT).toEpochMilli();
                others.filter(other -> other.toFile().lastModified() < before)
                        .forEach(other -> other.toFile().delete());
            }
        } catch (IOException e) {
            // The cache is optional: without it completion is slow.
        }
    }
}
