package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import lib.agents.claude.ClaudeCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// A gateway with its own issuer in a process of its own, and a person who signs in to it and launches the real
/// agent.
@Tag("e2e")
class TeamGatewayTest {
    @TempDir
    Path temp;

    private Process gateway;

    @AfterEach
    void stop() {
        if (gateway != null) gateway.destroyForcibly();
    }

    @Test
    void anAddedUserSignsInAndLaunchesAnAgentEvenAfterTheGatewayWasKilled() throws Exception {
        var machine = new Machine(temp);
        Agents.install(ClaudeCode.BINARY, machine);
        var key = machine.run("gateway", "user", "add", "ada@example.com").out().strip();
        var url = startGateway(machine, 0);

        var login = machine.start("auth", "login", url, "--no-browser").start();
        approve(login, key);
        assertTrue(login.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, login.exitValue());
        var token = machine.run("auth", "token").out().strip();

        gateway.destroyForcibly().waitFor();
        startGateway(machine, URI.create(url).getPort());
        var later = machine.at(() -> Instant.now().plus(Duration.ofMinutes(40)))
                .run("auth", "token", "--refresh-within", "25m");
        machine.at(InstantSource.system());
        var ended = Agents.run(machine.start("run", "claude", "-L", "demo", "--", "-p", "Say hello"));

        assertEquals(0, later.exitCode(), later.err());
        assertNotEquals(token, later.out().strip(), "a refresh");
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(ended.out().startsWith("Hello"), ended.out());

        machine.run("gateway", "client", "add", "ci", "--role", "user")
                .out()
                .lines()
                .map(line -> line.split("=", 2))
                .forEach(pair -> machine.with(pair[0], pair[1]));
        var listed = machine.with("RPAI_ISSUER", url).run("-s", url, "llm", "list");
        assertTrue(listed.out().contains("demo"), listed.err());
    }

    private String startGateway(Machine machine, int port) throws IOException {
        gateway = machine.start("gateway", "--auth", "builtin", "--listen", "127.0.0.1:" + port)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var line =
                new BufferedReader(new InputStreamReader(gateway.getErrorStream(), StandardCharsets.UTF_8)).readLine();
        assertTrue(line != null && line.contains("listens on http://"), line);
        return line.substring(line.indexOf("http://"));
    }

    /// Approves the sign-in as a person does in the browser.
    private static void approve(Process login, String key) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(login.getErrorStream(), StandardCharsets.UTF_8));
        var page = lines.readLine();
        while (!page.contains("user_code=")) page = lines.readLine();
        var form = page.strip().replaceFirst(".*\\?", "") + "&name=ada@example.com&decision=approve&key="
                + URLEncoder.encode(key, StandardCharsets.UTF_8);
        try (var browser = HttpClient.newHttpClient()) {
            var approved = browser.send(
                    HttpRequest.newBuilder(URI.create(page.strip().replaceFirst("\\?.*", "")))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(200, approved.statusCode(), approved.body());
        }
    }
}
