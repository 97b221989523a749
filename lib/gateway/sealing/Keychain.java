package lib.gateway.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.base.Host;

/// The keychain of the operating system, through its own command: `security` on macOS, `secret-tool` (libsecret)
/// elsewhere. The key is passed by standard input: other processes can see arguments.
///
/// @param program the command
/// @param account tells the keys of several states apart
/// @see <a href="https://manpages.debian.org/secret-tool">secret-tool(1)</a>
record Keychain(Path program, String account, Host host) implements KeyBackend {
    static final String LABEL = "keychain";

    private static final String SERVICE = "rpkai-gateway";
    // A locked keychain prompts on a screen, where nobody may answer.
    private static final int PATIENCE_SECONDS = 20;

    /// Returns the keychain of this machine, if it has a command for it.
    static Optional<Keychain> of(Host host, String account) {
        return host.variable("PATH").stream()
                .flatMap(path -> Stream.of(path.split(java.io.File.pathSeparator)))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> Stream.of("security", "secret-tool").map(Path.of(folder)::resolve))
                .filter(Files::isExecutable)
                .filter(program -> isMac() == program.endsWith("security"))
                .findFirst()
                .map(program -> new Keychain(program, account, host));
    }

    private static boolean isMac() {
        return System.getProperty("os.name").startsWith("Mac");
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public String where() {
        return "the keychain (%s, %s)".formatted(SERVICE, account);
    }

    @Override
    public boolean keep(String key) throws IOException {
        var kept = isMac()
                // With -i the commands are read from standard input.
                ? run("add-generic-password -U -s %s -a %s -w %s\n".formatted(SERVICE, account, key), "-i")
                : run(key, "store", "--label=rpkai gateway", "service", SERVICE, "account", account);
        return kept.isPresent() && find().filter(key::equals).isPresent();
    }

    @Override
    public Optional<String> find() throws IOException {
        var found = isMac()
                ? run("", "find-generic-password", "-s", SERVICE, "-a", account, "-w")
                : run("", "lookup", "service", SERVICE, "account", account);
        return found.map(String::strip).filter(key -> !key.isEmpty());
    }

    @Override
    public void remove() throws IOException {
        var removed = isMac()
                ? run("", "delete-generic-password", "-s", SERVICE, "-a", account)
                : run("", "clear", "service", SERVICE, "account", account);
        // A key that is not there is no failure.
        if (removed.isEmpty() && find().isPresent()) throw new IOException("the keychain does not delete it");
    }

    /// Returns what the command printed; empty if it failed.
    private Optional<String> run(String input, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(host.env());
        var process = builder.start();
        try {
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The command ended without reading. Its exit code tells whether it failed.
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0)
                return Optional.empty();
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
