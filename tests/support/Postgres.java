package tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import lib.base.Secret;

/// A PostgreSQL server of the test's own, with a password. Where the machine has none the test is skipped.
///
///     try (var postgres = Postgres.start()) { DriverManager.getConnection(…postgres.url()…); }
public final class Postgres implements AutoCloseable {
    public static final Secret PASSWORD = new Secret("a-password-of-the-store");

    private final Path programs;
    private final Path folder;
    private final String address;
    private final int port;

    private Postgres(Path programs, Path folder, String address, int port) {
        this.programs = programs;
        this.folder = folder;
        this.address = address;
        this.port = port;
    }

    public static Postgres start() throws IOException, InterruptedException {
        return startAt("127.0.0.1");
    }

    /// Starts a server at another address of this machine, for clients in other network namespaces. It counts the
    /// statements that it executes, in `pg_stat_statements`.
    public static Postgres startAt(String address) throws IOException, InterruptedException {
        var programs = programs();
        assumeTrue(programs.isPresent(), "no PostgreSQL on this machine");
        // PostgreSQL refuses to run as root; then another user must get at it.
        var folder = Files.createTempDirectory(
                Path.of("/tmp"),
                "rpkai-pg",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        var password = Files.writeString(folder.resolve("password"), PASSWORD.reveal());
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var postgres = new Postgres(programs.get(), folder, address, port);
        postgres.run(
                "initdb",
                "-D",
                postgres.data(),
                "-U",
                "rpkai",
                "-A",
                "scram-sha-256",
                "--pwfile",
                password.toString(),
                "-N",
                "-E",
                "UTF8",
                "--locale=C");
        Files.delete(password);
        if (!postgres.isLocal()) postgres.admitOthers();
        postgres.up();
        return postgres;
    }

    /// Starts it; when this returns it answers.
    public void up() throws IOException, InterruptedException {
        run(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-t",
                "600",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-F -p " + port + " -c listen_addresses=" + address + " -c unix_socket_directories=" + folder
                        + (isLocal() ? "" : " -c shared_preload_libraries=pg_stat_statements"),
                "start");
    }

    /// Ends it as a crash would.
    public void down() throws IOException, InterruptedException {
        run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }

    public URI url() {
        return URI.create("postgresql://rpkai@" + address + ":" + port + "/postgres");
    }

    /// Creates an empty database; returns its URL.
    public URI newDatabase(String name) throws SQLException {
        try (var sql = DriverManager.getConnection(
                        "jdbc:" + url().toString().replace("rpkai@", ""), "rpkai", PASSWORD.reveal());
                var statement = sql.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return url().resolve("/" + name);
    }

    private boolean isLocal() {
        return address.equals("127.0.0.1");
    }

    /// By default only this machine may connect.
    private void admitOthers() throws IOException, InterruptedException {
        var rule = Files.writeString(folder.resolve("rule"), "host all all samenet scram-sha-256\n");
        Files.setPosixFilePermissions(rule, PosixFilePermissions.fromString("rw-r--r--"));
        run(Path.of("/bin/sh"), "-c", "cat \"$0\" >>\"$1\"", rule.toString(), data() + "/pg_hba.conf");
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        run(programs.resolve(program), arguments);
    }

    private void run(Path program, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) command.addAll(List.of("runuser", "-u", "postgres", "--"));
        command.add(program.toString());
        command.addAll(List.of(arguments));
        var output = folder.resolve("output-" + program.getFileName()).toFile();
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(Duration.ofMinutes(10)) || process.exitValue() != 0)
            throw new IOException(program + ": " + Files.readString(output.toPath()));
    }

    private static Optional<Path> programs() throws IOException {
        var versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) return Optional.empty();
        try (var found = Files.list(versions)) {
            return found.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            down();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
