package lib.cli.gateway;

import java.nio.file.Path;
import javax.crypto.SecretKey;
import lib.base.Host;
import lib.base.UserError;
import lib.gateway.sealing.KeySource;
import picocli.CommandLine.Option;

/// The key that encrypts the secrets in the file of an export, shared by `rpkai gateway export` and `import`.
final class ExportKeyOption {
    @Option(
            names = "--export-key-file",
            paramLabel = "FILE",
            description =
                    "A file with the key that encrypts the secrets in the export: 32 bytes in base64, for example "
                            + "from openssl rand -base64 32. The import needs the same key.")
    Path file;

    @Option(
            names = "--export-key-command",
            paramLabel = "COMMAND",
            description = "A shell command that prints that key.")
    String command;

    /// Reads the key.
    ///
    /// @throws UserError if no key is named, or two are
    SecretKey read(Host host) {
        if (file != null && command != null)
            throw UserError.usage(
                    "--export-key-file and --export-key-command exclude each other", "pass one of the two");
        if (file == null && command == null)
            throw UserError.usage(
                    "the secrets of an export need a key",
                    "make one with openssl rand -base64 32 > export.key, and pass --export-key-file export.key");
        return file != null
                ? KeySource.file(host.cwd().resolve(file), "export key", host).read()
                : KeySource.command(command, "--export-key-command", host).read();
    }
}
