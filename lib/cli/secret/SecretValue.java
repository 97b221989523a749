package lib.cli.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;

/// The value of a secret, from a terminal that does not show it, from standard input or from a file.
///
///     SecretValue.read("ANTHROPIC_API_KEY", host)   // <redacted>
final class SecretValue {
    private static final int LONGEST = 1 << 16;

    private SecretValue() {}

    /// Prompts for the value at a terminal, and otherwise reads it from standard input.
    ///
    /// @param name the secret's name in the prompt
    static Secret read(String name, Host host) {
        // Read from the terminal itself, which does not show the value.
        if (host.interactive() && System.console() != null && System.console().isTerminal()) {
            var typed = System.console().readPassword("Value of %s (not shown): ", name);
            return new Secret(typed == null ? "" : new String(typed).strip());
        }
        try {
            return of(host.in(), "the text that was sent to standard input");
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the value from standard input",
                    "send it, for example, with rpkai secret set %s < file".formatted(name));
        }
    }

    /// The text of a file; `-` is standard input.
    static Secret ofFile(String file, String name, Host host) {
        if (file.equals("-")) return read(name, host);
        try (var in = Files.newInputStream(host.cwd().resolve(file))) {
            return of(in, file);
        } catch (IOException e) {
            throw new UserError(
                    "cannot read %s (%s)".formatted(file, e.getClass().getSimpleName()),
                    "check its name, owner and mode",
                    e);
        }
    }

    private static Secret of(InputStream in, String what) throws IOException {
        var bytes = in.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) throw new UserError("the value is too long for a key", "check " + what);
        return new Secret(new String(bytes, StandardCharsets.UTF_8).strip());
    }
}
