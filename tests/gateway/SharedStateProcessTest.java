package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;
import tests.support.Postgres;

/// Two processes of `rpkai gateway` with one PostgreSQL.
@DisabledOnOs(OS.WINDOWS)
@Tag("processes")
class SharedStateProcessTest {
    private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CALL = "{\"model\": \"m\", \"max_tokens\": 16, \"messages\": []}";

    @TempDir
    Path temp;

    private final List<Process> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        client.close();
    }

    @Test
    void aProviderAndASecretOfOneAreServedByTheOtherAndUsageIsInTheSameDatabase() throws Exception {
        try (var postgres = Postgres.start();
                var upstream = new FakeUpstream(call -> call.write(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"))) {
            var database = postgres.newDatabase("gateway");
            Files.writeString(temp.resolve("sealing-key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
            var one = start(database);
            var other = start(database);
            assertEquals(404, call(other));

            var created = post(
                    one.resolve("/redpanda.api.adp.v1alpha1.LLMProviderService/CreateLLMProvider"),
                    ("{\"llmProvider\": {\"name\": \"p\", \"enabled\": true, \"anthropicConfig\": {\"apiKeyRef\": "
                                    + "\"KEY\", \"baseUrl\": \"%s\"}}}")
                            .formatted(upstream.url()));
            assertEquals(200, created.statusCode(), created.body());
            var secret = post(
                    other.resolve("/redpanda.api.adp.v1alpha1.SecretService/CreateSecret"),
                    "{\"secret\": {\"name\": \"KEY\", \"value\": \"sk-the-value\"}}");
            assertEquals(200, secret.statusCode(), secret.body());

            Eventually.holds(() -> call(one) == 200 && call(other) == 200, LIMIT, () -> call(one) + " " + call(other));
            try (var sql = DriverManager.getConnection(
                    "jdbc:" + database.toString().replace("rpkai@", ""), "rpkai", Postgres.PASSWORD.reveal())) {
                Eventually.holds(
                        () -> {
                            try (var rows = sql.createStatement()
                                    .executeQuery("SELECT COUNT(*) FROM series WHERE provider = 'p'")) {
                                return rows.next() && rows.getLong(1) > 0;
                            } catch (java.sql.SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        LIMIT,
                        () -> "no usage is in the database");
            }
            assertEquals(0, metric(one, "rpkai_usage_journal_bytes"));
            postgres.down();
            Eventually.holds(
                    () -> call(one) == 200 && metric(one, "rpkai_usage_journal_bytes") > 0,
                    LIMIT,
                    () -> "the size of the journal is no metric");
            assertEquals(0, metric(one, "rpkai_usage_lost_calls_total"));
            postgres.up();
        }
    }

    @Test
    void theStaleLimitOfTheCommandLineIsObeyedAndTheAgeIsAMetric() throws Exception {
        try (var postgres = Postgres.start()) {
            Files.writeString(temp.resolve("sealing-key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
            var gateway = start(postgres.newDatabase("gateway"), "--stale-limit", "5s");
            Eventually.holds(() -> age(gateway) < 5, LIMIT, () -> "the age is " + age(gateway));
            assertEquals(404, call(gateway));
            postgres.down();
            Eventually.holds(() -> call(gateway) == 503, LIMIT, () -> "the answer is " + call(gateway));
            assertTrue(age(gateway) > 5, () -> "the age is " + age(gateway));
            postgres.up();
            Eventually.holds(() -> call(gateway) == 404, LIMIT, () -> "the answer is " + call(gateway));
        }
    }

    private double age(URI gateway) {
        return metric(gateway, "rpkai_state_age_seconds");
    }

    private double metric(URI gateway, String name) {
        try {
            var metrics = client.send(
                            HttpRequest.newBuilder(gateway.resolve("/metrics")).build(), BodyHandlers.ofString())
                    .body();
            var found = Pattern.compile("(?m)^%s (\\S+)$".formatted(name)).matcher(metrics);
            assertTrue(found.find(), metrics);
            return Double.parseDouble(found.group(1));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private URI start(URI database, String... more) throws IOException {
        var command = Machine.command(
                "gateway",
                "--listen",
                "127.0.0.1:0",
                "--state",
                database.toString(),
                "--sealing-key-file",
                temp.resolve("sealing-key").toString());
        command.addAll(List.of(more));
        var process = new Machine(temp)
                .with("PGPASSWORD", Postgres.PASSWORD.reveal())
                .process(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        var said = new StringBuilder();
        var log = process.errorReader();
        for (String line; (line = log.readLine()) != null; ) {
            said.append(line).append('\n');
            var found = LISTENS.matcher(line);
            if (found.find()) return URI.create(found.group(1));
        }
        throw new AssertionError("it ended before it listened: " + said);
    }

    private int call(URI gateway) {
        try {
            return post(gateway.resolve("/llm/v1/providers/p/v1/messages"), CALL)
                    .statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> post(URI url, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(url)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
