package tests.gateway.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import lib.database.Database;
import lib.gateway.sealing.KeySource;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.usage.store.UsageDatabase;
import tests.support.Machine;
import tests.support.Machine.Result;
import tests.support.Postgres;

/// A machine with the keys of an export and of PostgreSQL, and with gateways at several places: folders below the
/// working folder, or URLs.
final class MovedGateway {
    final Machine machine;

    MovedGateway(Path temp) {
        machine = new Machine(temp)
                .with("PGPASSWORD", Postgres.PASSWORD.reveal())
                .at(InstantSource.fixed(RandomGateway.NOW));
        for (var name : List.of("export", "sealing", "other")) key(name);
    }

    private void key(String name) {
        var key = name.repeat(9).substring(0, 32).getBytes(StandardCharsets.US_ASCII);
        var file =
                machine.write("work/%s.key".formatted(name), Base64.getEncoder().encodeToString(key));
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the command line of an export or an import.
    String[] command(String command, String file, String place, String... more) {
        var words =
                new ArrayList<>(List.of("gateway", command, file, "--export-key-file", "export.key", "--state", place));
        if (isUrl(place)) words.addAll(List.of("--sealing-key-file", "sealing.key"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    /// Runs `rpkai gateway export` or `import`.
    Result run(String command, String file, String place, String... more) {
        return machine.run(command(command, file, place, more));
    }

    /// The same, which must succeed.
    Result succeed(String command, String file, String place, String... more) {
        var result = run(command, file, place, more);
        if (result.exitCode() != 0) throw new AssertionError(result.err());
        return result;
    }

    Path file(String name) {
        return machine.cwd().resolve(name);
    }

    GatewayState open(String place) {
        var host = machine.host();
        var key = isUrl(place) ? Optional.of(KeySource.file(file("sealing.key"), host)) : Optional.<KeySource>empty();
        return GatewayState.open(StateLocation.named(place, key, host), host, SecretVariables.USUAL);
    }

    Database state(String place) {
        return isUrl(place)
                ? Database.postgres(place, StateLocation.LABEL, machine.host())
                : Database.sqlite(file(place).resolve("state.db"), StateLocation.LABEL, machine.host());
    }

    Database usage(String place) {
        return isUrl(place)
                ? UsageDatabase.named(place, machine.host())
                : UsageDatabase.in(file(place), machine.host());
    }

    private static boolean isUrl(String place) {
        return place.startsWith("postgresql");
    }

    /// Returns the lines of an export.
    List<String> lines(String name) {
        try (var in = new GZIPInputStream(Files.newInputStream(file(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes a compressed file.
    void write(String name, String text) {
        try {
            Files.write(file(name), compressed(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] compressed(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
