package lib.agents.claude;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lib.base.Host;
import lib.base.Sha256;

/// Claude Code's credentials in the keychain of macOS, read with the same command that Claude Code uses.
///
///     ClaudeKeychain.read(host, Optional.empty(), "CLAUDE_SECURESTORAGE_CONFIG_DIR")
final class ClaudeKeychain {
    /// The name of an entry in messages.
    static final String NAME = "the keychain's Claude Code-credentials";

    private static final int PATIENCE_SECONDS = 5;

    private ClaudeKeychain() {}

    /// The entry's text, which is secret; empty without an entry or without a keychain.
    ///
    /// @param storage the name of the variable that separates credentials from the config home
    static Optional<String> read(Host host, Optional<Path> configDir, String storage) {
        var security = host.root().resolve("usr/bin/security");
        if (!Files.isExecutable(security)) return Optional.empty();
        var builder = new ProcessBuilder(
                        security.toString(),
                        "find-generic-password",
                        "-a",
                        host.variable("USER").orElse("claude-code-user"),
                        "-w",
                        "-s",
                        service(host, configDir, storage))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(host.env());
        try {
            var process = builder.start();
            process.getOutputStream().close();
            // A locked keychain asks for its password on the screen, where there may be no user to answer.
            process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(_ -> process.destroyForcibly());
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .filter(text -> !text.isBlank());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The entry's name. Each config home other than the usual one has its own entry.
    private static String service(Host host, Optional<Path> configDir, String storage) {
        var named = host.env().containsKey(storage)
                ? host.env().get(storage)
                : configDir
                        .map(Path::toString)
                        .or(() -> host.variable("CLAUDE_CONFIG_DIR"))
                        .orElse("");
        if (named.isEmpty()) return "Claude Code-credentials";
        var digest = Sha256.hex(Normalizer.normalize(named, Normalizer.Form.NFC));
        return "Claude Code-credentials-" + digest.substring(0, 8);
    }
}
