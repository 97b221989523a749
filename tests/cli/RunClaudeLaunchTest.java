package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lib.agents.AgentVersion;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.auth.SignedIn;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;

/// Launches a shell script in place of Claude Code: tests its version, the end of its helper, and the messages
/// afterwards.
class RunClaudeLaunchTest {
    private static final String VERSION =
            "if [ \"$1\" = --version ]; then echo \"${VERSION-2.1.330} (Claude Code)\"; exit 0; fi\n";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void open() {
        gateway = FakeGateway.start().tokens(_ -> true).provider(ProviderJson.anthropic("claude"));
        machine = new Machine(temp).profile("open", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()));
        machine.program("claude", VERSION + "exit 37\n");
        machine.with("PATH", temp.resolve("bin") + ":/usr/bin:/bin");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.252", "2.1.197", "2.0.999", "1.0.128"})
    void aClaudeCodeThatGivesTheTokenToARepositoryIsRefusedWithTheCommandThatUpdates(String version) throws Exception {
        machine.with("VERSION", version);

        var ended = run();

        assertEquals(
                ("rpkai: Claude Code %s is too old: 2.1.257 or later is required, which does not give the "
                                + "gateway's token to a repository's .mcp.json: run npm install -g "
                                + "@anthropic-ai/claude-code@latest, or launch with --install-agent\n")
                        .formatted(version),
                ended.err);
        assertEquals(1, ended.exitCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.257", "2.1.330", "2.2.0", "3.0.0-beta.1"})
    void anyLaterOneIsLaunched(String version) throws Exception {
        machine.with("VERSION", version);

        var ended = run();

        assertEquals(37, ended.exitCode, ended.err);
        assertEquals("", ended.err);
    }

    @Test
    void anOldOneIsLaunchedWithAWarningWhereThatIsAskedFor() throws Exception {
        machine.with("VERSION", "2.1.197");

        var ended = run("--allow-old-agent");

        assertEquals(37, ended.exitCode);
        assertEquals(
                "rpkai: warning: Claude Code 2.1.197 is older than 2.1.257, which does not give the "
                        + "gateway's token to a repository's .mcp.json\n",
                ended.err);
    }

    @Test
    void aVersionThatCannotBeReadIsAWarning() throws Exception {
        machine.with("VERSION", "nightly");

        var ended = run();

        assertEquals(37, ended.exitCode);
        assertEquals(
                ("rpkai: warning: the version of %s is not readable; Claude Code 2.1.257 or later is " + "required\n")
                        .formatted(temp.resolve("bin/claude")),
                ended.err);
    }

    @Test
    void withInstallAgentATooOldOneIsPassedOverForOneOfOurOwnWhichIsNewEnough() throws Exception {
        machine.with("VERSION", "2.1.252");
        machine.program(
                "npm",
                "mkdir -p \"$3/node_modules/.bin\"; printf '#!/bin/sh\\nexit 41\\n' > "
                        + "\"$3/node_modules/.bin/claude\"; chmod +x \"$3/node_modules/.bin/claude\"\n");

        var ended = run("--install-agent");

        assertEquals(41, ended.exitCode, ended.err);
        assertTrue(AgentVersion.in(ClaudeCode.BINARY.version()).orElseThrow().compareTo(ClaudeCode.MINIMUM.version())
                >= 0);
    }

    @Test
    void theCommandThatUpdatesIsTheOneOfTheInstallerThatPutItThere() throws Exception {
        machine.with("VERSION", "2.1.252");
        var installed = machine.write("home/.local/share/claude/versions/2.1.252", "#!/bin/sh\n" + VERSION);
        assertTrue(installed.toFile().setExecutable(true));
        Files.delete(temp.resolve("bin/claude"));
        Files.createSymbolicLink(temp.resolve("bin/claude"), installed);

        assertTrue(run().err.endsWith(": run claude update, or launch with --install-agent\n"));
    }

    @Test
    void theVersionOfAProgramIsCachedUntilTheProgramChanges() throws Exception {
        // A program that says a version, and is no script: a script can start another program tomorrow.
        var program = temp.resolve("bin/claude");
        Files.copy(Path.of("/bin/bash"), program, StandardCopyOption.REPLACE_EXISTING);
        run();
        var remembered = remembered();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(remembered)));
        var asked = Files.readAllLines(remembered).getFirst();

        say(remembered, "99.0.0");
        run();
        assertEquals("99.0.0", Files.readAllLines(remembered).getFirst(), "asked although it is known");

        Files.delete(program);
        Files.copy(Path.of("/bin/bash"), program);
        run();
        assertEquals(asked, Files.readAllLines(remembered).getFirst(), "not asked although it is a different key");

        say(remembered, "2.1.252");
        run();
        assertEquals(
                asked,
                Files.readAllLines(remembered).getFirst(),
                "refused by what was remembered, and may be up to date by now");

        say(remembered, "99.0.0");
        Files.setPosixFilePermissions(remembered, PosixFilePermissions.fromString("rw-rw-rw-"));
        run();
        assertEquals(asked, Files.readAllLines(remembered).getFirst(), "anyone could have written it");
    }

    @Test
    void aScriptIsAskedEachTime() throws Exception {
        run();

        assertFalse(Files.exists(machine.home().resolve(".cache/rpkai/versions")));
        machine.with("VERSION", "2.1.252");
        assertEquals(1, run().exitCode);
    }

    @Test
    void afterASessionWithoutARequestOnlySettingsFromAFileAreNamed() throws Exception {
        var file = machine.write(
                "home/.claude/settings.json",
                "{\"env\":{\"FOO\":\"1\",\"ANTHROPIC_API_KEY\":\"\"},\"theme\":\"dark\"}");

        assertEquals("rpkai: no request came through the gateway\n", run("--broker").err);

        Files.writeString(file, "{\"env\":{\"ANTHROPIC_API_KEY\":\"theirs\"}}");
        assertEquals(
                "rpkai: no request came through the gateway: %s sets ANTHROPIC_API_KEY\n".formatted(file),
                run("--broker").err);
    }

    @Test
    void theHelperPrintsATokenOnlyWhileTheSessionLasts() throws Exception {
        try (var idp = FakeIdentityProvider.start()) {
            var tokens = idp.signIn();
            machine.write(
                    "home/.rpai/config",
                    ("current: test\nprofiles:\n  test:\n    organization: org_123\n    ai_gateway_url: "
                                    + "%s\ncloud:\n  issuer: %s\n")
                            .formatted(gateway.url(), idp.issuer()));
            SignedIn.save(machine, idp, "org_123", tokens);
            // Without jq: the helper's line is the value of a JSON string.
            machine.program("claude", VERSION + """
                    printf '%s' "$2" > ../overlay.json
                    sed 's/.*"apiKeyHelper":"\\([^"]*\\)".*/\\1/' ../overlay.json > ../helper.sh
                    /bin/sh ../helper.sh > ../during; exit 37
                    """);

            assertEquals(37, run().exitCode);

            assertEquals(tokens.accessToken() + "\n", Files.readString(temp.resolve("during")));
            assertFalse(Files.readString(temp.resolve("overlay.json")).contains(tokens.accessToken()));
            var later = machine.process(
                            List.of("/bin/sh", temp.resolve("helper.sh").toString()))
                    .redirectError(temp.resolve("said").toFile())
                    .start();
            assertEquals("", new String(later.getInputStream().readAllBytes()));
            assertEquals(1, later.waitFor());
            assertEquals(
                    "rpkai: the session of this token has ended: launch the agent again\n",
                    Files.readString(temp.resolve("said")));
        }
    }

    private Path remembered() throws IOException {
        try (var files = Files.list(machine.home().resolve(".cache/rpkai/versions"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private static void say(Path remembered, String version) throws IOException {
        Files.writeString(remembered, Files.readString(remembered).replaceFirst("^.*", version));
    }

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(String... flags) throws Exception {
        var words = new ArrayList<>(List.of("run", "claude", "-L", "claude"));
        words.addAll(List.of(flags));
        var err = temp.resolve("err");
        var process = machine.start(words.toArray(String[]::new))
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        return new Ended(process.exitValue(), out, Files.readString(err));
    }
}
