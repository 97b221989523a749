package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.Postgres;
import tests.support.PostgresDatabases;
import tests.support.RoundRobin;

/// Processes of `rpkai gateway --auth builtin` with one PostgreSQL, behind a load balancer, and users who sign
/// in.
@DisabledOnOs(OS.WINDOWS)
@Tag("processes")
class SharedSignInProcessTest {
    private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");

    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    private final Map<URI, Process> gateways = new HashMap<>();
    private final StringBuilder log = new StringBuilder();
    private RoundRobin balancer;
    private Machine machine;
    private URI database;

    @BeforeEach
    void start() throws Exception {
        database = POSTGRES.empty();
        balancer = RoundRobin.start();
        machine = new Machine(temp).with("PGPASSWORD", Postgres.PASSWORD.reveal());
        Files.writeString(temp.resolve("sealing-key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    }

    @AfterEach
    void stop() {
        gateways.values().forEach(Process::destroyForcibly);
        if (balancer != null) balancer.close();
    }

    @Test
    void aSignInSucceedsBehindALoadBalancerAndOutlivesAGatewayThatIsKilledBeforeItsAnswerArrives() throws Exception {
        var added = machine.run("gateway", "user", "add", "ada@example.com", "--state", database.toString());
        assertEquals(0, added.exitCode(), added.err());
        for (int i = 0; i < 3; i++)
            balancer.to(gateway("--public-url", balancer.url().toString()));

        assertFalse(log.toString().contains("warning"), log.toString());

        var login = machine.start("auth", "login", balancer.url().toString(), "--no-browser")
                .start();
        approve(login, added.out().strip());
        assertTrue(login.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, login.exitValue());
        var first = token().out();

        balancer.loseAnswer(
                "/oauth/token",
                server -> gateways.get(server).destroyForcibly().onExit().join());
        machine.at(() -> Instant.now().plus(Duration.ofMinutes(50)));
        // The client sends the refresh again by itself, and another gateway answers.
        var second = token("--refresh-within", "25m");
        assertEquals(0, second.exitCode(), second.err());
        assertNotEquals(first, second.out());

        var third = token("--refresh-within", "25m");
        assertEquals(0, third.exitCode(), third.err());
        assertNotEquals(second.out(), third.out());
    }

    @Test
    void aGatewayWithoutAPublicUrlOrWithAnotherOneThanTheLastSaysSo() throws Exception {
        gateway();
        assertTrue(log.toString().contains("start all of them with the load balancer's --public-url"), log.toString());
        log.setLength(0);
        gateway("--public-url", "https://one.example.com");
        gateway("--public-url", "https://other.example.com");
        assertTrue(
                log.toString()
                        .contains("--public-url was https://one.example.com when a gateway on this state was last "
                                + "started, and is https://other.example.com now"),
                log.toString());
    }

    private URI gateway(String... arguments) throws IOException {
        var command = Machine.command(
                "gateway",
                "--auth",
                "builtin",
                "--listen",
                "127.0.0.1:0",
                "--state",
                database.toString(),
                "--sealing-key-file",
                temp.resolve("sealing-key").toString());
        command.addAll(List.of(arguments));
        var process = machine.process(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var lines = process.errorReader();
        for (String line; (line = lines.readLine()) != null; ) {
            log.append(line).append('\n');
            var found = LISTENS.matcher(line);
            if (!found.find()) continue;
            var url = URI.create(found.group(1));
            gateways.put(url, process);
            return url;
        }
        throw new AssertionError("it ended before it listened: " + log);
    }

    private Machine.Result token(String... arguments) {
        var command = new java.util.ArrayList<>(List.of("auth", "token"));
        command.addAll(List.of(arguments));
        return machine.run(command.toArray(String[]::new));
    }

    /// Approves the sign-in as a person does in the browser.
    private static void approve(Process login, String key) throws Exception {
        var lines = login.errorReader();
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
