package lib.cli.gateway;

import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.base.UserError;
import lib.gateway.sealing.KeySource;
import picocli.CommandLine.Option;

/// The key that encrypts the secrets of a state in PostgreSQL: the flags that `rpkai gateway` and `rpkai secret` share.
public final class SealingKeyOption {
    @Option(
            names = "--sealing-key-file",
            paramLabel = "FILE",
            description = "For a state in PostgreSQL: a file with the key that encrypts the secrets, the same for all "
                    + "gateways on that database: 32 bytes in base64, for example from openssl rand -base64 32.")
    Path file;

    @Option(
            names = "--sealing-key-command",
            paramLabel = "COMMAND",
            description = "For a state in PostgreSQL: a shell command that prints the key that "
                    + "encrypts the secrets, for example one that "
                    + "asks a key management service.")
    String command;

    /// Returns the source of the key; empty if no flag names one.
    ///
    /// @throws UserError if both flags do
    public Optional<KeySource> source(Host host) {
        return source("--sealing-key", file, command, host);
    }

    /// Returns what one of two flags names: `--sealing-key-file` and `--sealing-key-command`, for example.
    ///
    /// @param flags how both flags begin
    public static Optional<KeySource> source(String flags, Path file, String command, Host host) {
        if (file != null && command != null)
            throw UserError.usage(
                    "%s-file and %1$s-command exclude each other".formatted(flags), "pass one of the two");
        return file != null
                ? Optional.of(KeySource.file(host.cwd().resolve(file), host))
                : Optional.ofNullable(command).map(text -> KeySource.command(text, flags + "-command", host));
    }
}
