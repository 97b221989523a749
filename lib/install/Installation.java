package lib.install;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import lib.base.BuildInfo;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.startup.ClassPath;
import lib.startup.GatewayClasses;
import lib.startup.Jdk;

/// The installed command: versions side by side below `~/.local/share/rpkai/versions`; the [Shim] names the one
/// in use.
///
///     var installation = Installation.of(host);
///     installation.install(host.home().resolve(".local/bin"), false, Optional.empty());
public final class Installation {
    /// The time for which a version is kept that is neither in use nor the previous one: a session may still
    /// run from it.
    private static final Duration KEPT = Duration.ofDays(1);

    private final Path root;
    private final Host host;

    private Installation(Host host) {
        this.root = host.data();
        this.host = host;
    }

    /// The installation of that machine's user.
    public static Installation of(Host host) {
        return new Installation(host);
    }

    /// The state of the installation.
    ///
    /// @param command the command's file
    /// @param version the version in use, such as `0.1.0-1a2b3c4d5e6f`
    /// @param previous the version for a rollback
    /// @param source the place from which it came, in the form that JBang accepts
    public record State(Path command, String version, Optional<String> previous, Optional<String> source) {}

    /// Copies this program, trains its caches, and switches the command to it. A second call changes nothing.
    ///
    /// @param bin the folder of the command
    /// @param force whether to replace a command that something else wrote
    /// @param source the place from which the program came, for `upgrade`
    /// @throws UserError when there is another command, or a folder can't be written
    public State install(Path bin, boolean force, Optional<String> source) {
        Shim.check(root);
        Shim.check(bin);
        return exclusively(() -> {
            var shim = Shim.in(bin);
            if (!force && shim.isForeign())
                throw new UserError(
                        "%s already exists, and rpkai did not write it".formatted(shim.file()),
                        "pass --force to replace it, or --dir to install elsewhere");
            var before = state();
            var version = add();
            var previous = before.map(State::version)
                    .filter(v -> !v.equals(version))
                    .or(() -> before.flatMap(State::previous));
            var after = new State(
                    shim.file(),
                    version,
                    previous.filter(v -> !v.equals(version)),
                    source.or(() -> before.flatMap(State::source)));
            if (before.isPresent() && !before.get().command().equals(shim.file()))
                remove(new Shim(before.get().command()));
            return use(after);
        });
    }

    /// Returns to the previous version. The version that was in use becomes the previous one.
    ///
    /// @throws UserError when there is no previous version
    public State rollback() {
        return exclusively(() -> {
            var now = state().orElseThrow(Installation::missing);
            var previous = now.previous()
                    .filter(version -> Files.exists(folder(version).resolve("jdk")))
                    .orElseThrow(() -> new UserError(
                            "there is no previous version", "run rpkai upgrade to get the newest version"));
            return use(new State(now.command(), previous, Optional.of(now.version()), now.source()));
        });
    }

    /// Removes the command, every version, every agent that rpkai installed, and the caches that can be made
    /// again.
    ///
    /// @param cache the folder of its caches
    /// @return the removed command; empty if there was none
    public Optional<Path> uninstall(Path cache) {
        try {
            var state = state();
            if (Files.exists(root)) {
                exclusively(() -> {
                    if (state.isPresent()) remove(new Shim(state.get().command()));
                    return null;
                });
                delete(root);
            }
            // The temporary homes of running sessions are in the same folder and must stay.
            delete(cache.resolve("aot"));
            delete(cache.resolve("gateway"));
            for (var file : list(cache)) {
                if (file.getFileName().toString().startsWith("sqlite-")) delete(file);
                if (file.getFileName().toString().startsWith("jbang-cli-")) Files.delete(file);
            }
            if (Files.isDirectory(cache) && list(cache).isEmpty()) Files.delete(cache);
            return state.map(State::command);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// The current state; empty if nothing is installed.
    public Optional<State> state() {
        var file = root.resolve("installed");
        if (!Files.exists(file)) return Optional.empty();
        try {
            var values = new Properties();
            values.load(new StringReader(Files.readString(file)));
            return Optional.of(new State(
                    Path.of(values.getProperty("command")),
                    values.getProperty("version"),
                    Optional.ofNullable(values.getProperty("previous")),
                    Optional.ofNullable(values.getProperty("source"))));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// The error when nothing is installed.
    public static UserError missing() {
        return new UserError("rpkai is not installed", "run rpkai install");
    }

    /// Adds this program's folder if it is missing, incomplete, or trained for another JDK.
    private String add() throws IOException {
        var jars = ClassPath.ofThisProcess().with(GatewayClasses.jar(host));
        var jdk = Jdk.current();
        var version = BuildInfo.VERSION + "-" + jars.digest();
        var folder = folder(version);
        if (!InstalledVersion.isComplete(folder, jdk)) InstalledVersion.make(folder, jars, jdk, host);
        return version;
    }

    private State use(State state) throws IOException {
        var folder = folder(state.version());
        new Shim(state.command()).write(InstalledVersion.jdk(folder), folder);
        var values = new Properties();
        values.setProperty("command", state.command().toString());
        values.setProperty("version", state.version());
        state.previous().ifPresent(version -> values.setProperty("previous", version));
        state.source().ifPresent(source -> values.setProperty("source", source));
        var text = new StringWriter();
        values.store(text, null);
        PrivateFile.write(root.resolve("installed"), text.toString().getBytes(StandardCharsets.UTF_8));
        if (state.previous().isPresent())
            Files.setLastModifiedTime(folder(state.previous().get()), FileTime.from(Instant.now()));
        forgetOldVersions(List.of(state.version(), state.previous().orElse("")));
        return state;
    }

    private void forgetOldVersions(List<String> kept) throws IOException {
        for (var folder : list(root.resolve("versions"))) {
            var age = Duration.between(Files.getLastModifiedTime(folder).toInstant(), Instant.now());
            if (!kept.contains(folder.getFileName().toString()) && age.compareTo(KEPT) > 0) delete(folder);
        }
    }

    private Path folder(String version) {
        return root.resolve("versions").resolve(version);
    }

    private static void remove(Shim shim) throws IOException {
        if (shim.isOurs()) Files.delete(shim.file());
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private <T> T exclusively(PrivateFile.Work<T> work) {
        try {
            return PrivateFile.locked(root.resolve("install.lock"), work);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private UserError unwritable(IOException e) {
        return new UserError(
                "cannot install below %s (%s: %s)".formatted(root, e.getClass().getSimpleName(), e.getMessage()),
                "check the owner and mode of the folder, and the space on the disk",
                e);
    }
}
