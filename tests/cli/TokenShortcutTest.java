package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import lib.agents.process.RunningProcess;
import lib.base.Host;
import lib.startup.shortcut.TokenShortcut;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.auth.SignedIn;
import tests.auth.Time;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// `auth token` before the command line is read: the same token as after it, or nothing.
class TokenShortcutTest {
    private static final String PROD =
            "organization: org_123\nai_gateway_url: https://aigw.example\nauth_mode: device\n";

    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final Time time = new Time();

    @AfterEach
    void stop() {
        idp.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth token",
                "--profile prod auth token",
                "--config ~/.rpai/config auth token",
                "--profile prod --config ../home/.rpai/config auth token --refresh-within 600s",
                "auth token --refresh-within 10m",
                "auth token --refresh-within 1h",
                "auth token --refresh-within 90",
                "auth token --refresh-within 0h20m30s"
            })
    void aGoodTokenIsPrintedAsTheCommandWouldPrintIt(String line) {
        var machine = signedIn();

        var printed = shortcut(machine, line.split(" "));

        assertEquals(machine.run(line.split(" ")).out(), printed);
        assertFalse(printed.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth token -v",
                "auth token --help",
                "auth status",
                "auth",
                "auth token extra",
                "-p prod auth token",
                "--profile prod --profile prod auth token",
                "--profile= auth token",
                "--profile  auth token",
                "auth token --refresh-within 30m1h",
                "auth token --refresh-within -1",
                "auth token --refresh-within",
                "--token t auth token",
                "auth token --profile prod",
                "--profile gone auth token",
                "--config -c auth token"
            })
    void anyOtherCommandLineIsLeftToTheParser(String line) {
        assertEquals("", shortcut(signedIn(), line.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RPAI_TOKEN=t",
                "RPAI_TOKEN= ",
                "RPAI_SERVICE_ACCOUNT_ID=a",
                "RPAI_SERVICE_ACCOUNT_SECRET=s",
                "RPAI_FORMAT=xml",
                "RPAI_PROFILE=gone",
                "RPAI_CONFIG=/nowhere",
                "RPAI_CREDENTIALS=/nowhere"
            })
    void aVariableThatChangesTheAnswerIsLeftToTheCommand(String variable) {
        var name = variable.split("=")[0];

        assertEquals("", shortcut(signedIn().with(name, variable.substring(name.length() + 1)), "auth", "token"));
    }

    @Test
    void aTokenIsPrintedAsLongAsTheSessionsProcessIsThere() {
        var session = RunningProcess.current().orElseThrow();

        assertFalse(shortcut(signedIn(), "auth", "token", "--refresh-within", "90", "--while-running", session.text())
                .isEmpty());
    }

    @Test
    void aProcessThatHasEndedOrAnotherWithItsIdGetsNone() throws Exception {
        var ended = new ProcessBuilder("true").start();
        ended.waitFor();
        var reused = new RunningProcess(
                RunningProcess.current().orElseThrow().pid(),
                RunningProcess.current().orElseThrow().begin() - 1);
        for (var session : List.of(ended.pid() + ":1", reused.text())) {
            var line = new String[] {"auth", "token", "--refresh-within", "90", "--while-running", session};
            var machine = signedIn();

            assertEquals("", shortcut(machine, line));
            var result = machine.run(line);
            assertEquals("", result.out());
            assertEquals("rpkai: the session of this token has ended: launch the agent again\n", result.err());
            assertEquals(1, result.exitCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "x:1", "1:x", ":1", "1:", "-1:1", "1:99999999999999999999"})
    void anInvalidSessionIsBadUsage(String session) {
        var machine = signedIn();

        assertEquals("", shortcut(machine, "auth", "token", "--refresh-within", "90", "--while-running", session));
        assertEquals(
                2,
                machine.run("auth", "token", "--refresh-within", "90", "--while-running=" + session)
                        .exitCode());
    }

    @Test
    void credentialsThatAreOpenToOthersAreLeftToTheCommandWhichClosesThem() throws IOException {
        var machine = signedIn();
        var credentials = machine.home().resolve(".rpai/credentials");
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-r--r--"));

        assertEquals("", shortcut(machine, "auth", "token"));
        assertEquals(
                "rpkai: %s was open to other users (mode 0644) and is now 0600\n".formatted(credentials),
                machine.run("auth", "token").err());
        assertFalse(shortcut(machine, "auth", "token").isEmpty());
    }

    @Test
    void aTokenThatIsToBeRefreshedIsLeftToTheCommand() {
        var machine = signedIn();

        time.pass(Duration.ofMinutes(58));
        assertFalse(shortcut(machine, "auth", "token").isEmpty());
        time.pass(Duration.ofSeconds(61));
        assertEquals("", shortcut(machine, "auth", "token"));
    }

    @Test
    void aWindowIsNeverMoreThanHalfOfALifetime() {
        var machine = signedIn();

        time.pass(Duration.ofMinutes(29));
        assertFalse(
                shortcut(machine, "auth", "token", "--refresh-within", "10h").isEmpty());
        time.pass(Duration.ofMinutes(2));
        assertEquals("", shortcut(machine, "auth", "token", "--refresh-within", "10h"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"org_123\": {\"access_token\": 7}}",
                "{\"org_123\": {\"access_token\": \"a.b.c\"}}",
                "{\"org_123\": {\"access_token\": \"opaque\"}}",
                "{\"org_123\": {}, \"org_123\": {}}",
                "{\"org_123\"",
                "{\"org_9\": {\"access_token\": \"a.b.c\"}}"
            })
    void credentialsThatAreUnusualAreLeftToTheCommand(String json) {
        var machine = signedIn();
        machine.write("home/.rpai/credentials", json);

        assertEquals("", shortcut(machine, "auth", "token"));
    }

    @Test
    void anotherEditOfTheConfigIsSeenAtOnce() {
        var machine = signedIn();
        assertFalse(shortcut(machine, "auth", "token").isEmpty());

        machine.profile("prod", PROD.replace("org_123", "org_124"));

        assertEquals("", shortcut(machine, "auth", "token"));
    }

    @Test
    void withSeveralSignInsAndNoProfileTheLatestIsForTheCommandToFind() {
        var machine = SignedIn.machine(temp, idp).at(time);
        machine.write("home/.rpai/config", "profiles:\n  prod:\n    organization: org_123\n");
        assertFalse(shortcut(machine, "auth", "token").isEmpty());

        SignedIn.save(machine, idp, "org_9", idp.signIn());

        assertEquals("", shortcut(machine, "auth", "token"));
    }

    @Test
    void aTokenOfAnotherIssuerIsNeverPrinted() {
        var machine = signedIn();
        assertFalse(shortcut(machine, "auth", "token").isEmpty());

        machine.profile("prod", PROD + "issuer: https://theirs.example\n");
        machine.with("RPAI_ISSUER", "");
        assertEquals("", shortcut(machine, "auth", "token"));

        machine.with("RPAI_ISSUER", idp.issuer() + "/");
        assertFalse(shortcut(machine, "auth", "token").isEmpty());
    }

    /// The whole point: on a machine of its own process, none of the libraries is so much as loaded.
    @Test
    void noLibraryIsLoadedForIt() throws IOException, InterruptedException {
        var machine = SignedIn.machine(temp, idp).profile("prod", PROD);
        var command = new ArrayList<>(Machine.command("auth", "token"));
        // The classes of a cache count as loaded at the start.
        command.removeIf(word -> word.startsWith("-XX:AOTCache="));
        command.addAll(1, List.of("-Xlog:class+load:file=" + temp.resolve("classes")));

        var process = machine.process(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));

        assertEquals(
                SignedIn.credentials(machine)
                                .path("org_123")
                                .path("access_token")
                                .asText() + "\n",
                out);
        var loaded = Pattern.compile("(?m)^.* ((picocli|com\\.fasterxml|com\\.github|org\\.yaml|io\\.helidon|"
                        + "java\\.net\\.http|java\\.math\\.BigDecimal)\\S*) source")
                .matcher(Files.readString(temp.resolve("classes")))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertEquals(List.of(), loaded);
    }

    private Machine signedIn() {
        idp.clock(time).lifetime(Duration.ofHours(1));
        return SignedIn.machine(temp, idp).at(time).profile("prod", PROD);
    }

    private static String shortcut(Machine machine, String... args) {
        var out = new ByteArrayOutputStream();
        var host = machine.host();
        var captured = new Host(
                host.env(),
                new Host.Folders(host.home(), host.cwd(), host.root()),
                new Host.Streams(host.in(), new PrintStream(out, true, StandardCharsets.UTF_8), host.err(), false),
                host.clock());
        assertEquals(TokenShortcut.print(captured, args), out.size() > 0);
        return out.toString(StandardCharsets.UTF_8);
    }
}
