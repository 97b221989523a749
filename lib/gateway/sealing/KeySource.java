package lib.gateway.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import lib.base.FileRights;
import lib.base.Host;
import lib.base.UserError;

/// Where a gateway gets the sealing key from: 32 bytes in base64, such as `openssl rand -base64 32` prints.
///
///     KeySource.file(Path.of("/run/secrets/sealing-key"), host).read()
public sealed interface KeySource {
    /// Returns the key.
    ///
    /// @throws UserError if there is none; the message never contains what was read
    SecretKey read();

    /// Returns where the key is, for people.
    String where();

    /// Returns whether the key comes from that environment variable.
    default boolean uses(String variable) {
        return false;
    }

    /// Returns the key in a file, which only its owner may read.
    static KeySource file(Path file, Host host) {
        return file(file, "sealing key", host);
    }

    /// A file with a key for another purpose.
    ///
    /// @param name what messages call the key
    static KeySource file(Path file, String name, Host host) {
        return new InFile(file, name, host);
    }

    /// Returns the key that a command prints, for example one that asks a key management service.
    ///
    /// @param command for the shell
    static KeySource command(String command, Host host) {
        return command(command, "--sealing-key-command", host);
    }

    /// What the command of another option prints.
    static KeySource command(String command, String option, Host host) {
        return new FromCommand(command, option, host);
    }

    private static SecretKey parse(String text, String name, KeySource from) {
        return KeyText.parse(text.strip())
                .orElseThrow(() -> new UserError(
                        "%s is not %s (32 bytes in base64)".formatted(from.where(), name),
                        "make one with openssl rand -base64 32"));
    }

    /// @param file read whenever the key is needed
    record InFile(Path file, String name, Host host) implements KeySource {
        @Override
        public SecretKey read() {
            try {
                FileRights.keepSecret(file, host);
                // Bytes of any kind can be read with this charset.
                return parse(
                        Files.readString(file, StandardCharsets.ISO_8859_1),
                        (name.matches("[aeiou].*") ? "an " : "a ") + name,
                        this);
            } catch (IOException e) {
                throw new UserError(
                        "cannot read the %s from %s".formatted(name, file),
                        "check the path and the owner of the file",
                        e);
            }
        }

        @Override
        public String where() {
            return file.toString();
        }
    }

    /// @param command run whenever the key is needed, with this process's variables
    /// @param option the flag that named it
    record FromCommand(String command, String option, Host host) implements KeySource {
        private static final int SECONDS = 30;
        /// More than any key and any message before it.
        private static final int MOST_BYTES = 1 << 16;

        @Override
        public SecretKey read() {
            Process process;
            try {
                var builder = new ProcessBuilder(shell());
                builder.environment().clear();
                builder.environment().putAll(host.env());
                process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            } catch (IOException e) {
                throw failed("cannot be started", e);
            }
            try {
                process.getOutputStream().close();
                var printed = CompletableFuture.supplyAsync(() -> read(process));
                var text = printed.get(SECONDS, TimeUnit.SECONDS);
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) throw failed("does not end", null);
                if (process.exitValue() != 0) throw failed("ended with exit code " + process.exitValue(), null);
                return parse(text, "a key", this);
            } catch (TimeoutException e) {
                throw failed("did not answer within %d seconds".formatted(SECONDS), e);
            } catch (IOException | java.util.concurrent.ExecutionException e) {
                throw failed("cannot be read", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed("was interrupted", e);
            } finally {
                process.destroyForcibly();
            }
        }

        private List<String> shell() {
            return System.getProperty("os.name").startsWith("Windows")
                    ? List.of("cmd", "/c", command)
                    : List.of("/bin/sh", "-c", command);
        }

        private static String read(Process process) {
            try (var out = process.getInputStream()) {
                return new String(out.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private UserError failed(String why, Exception cause) {
            return new UserError(
                    "the command of %s %s".formatted(option, why), "run it in a terminal and see what it says", cause);
        }

        @Override
        public boolean uses(String variable) {
            return Pattern.compile("(?<!\\w)%s(?!\\w)".formatted(Pattern.quote(variable)))
                    .matcher(command)
                    .find();
        }

        @Override
        public String where() {
            return "what the command of %s prints".formatted(option);
        }
    }
}
