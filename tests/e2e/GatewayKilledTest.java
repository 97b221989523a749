package tests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.e2e.claude.SetsSecrets;
import tests.support.Eventually;
import tests.support.Machine;

/// Runs `rpkai gateway` in its own process: tests what it keeps when it is killed, and what it reveals.
@Tag("processes")
class GatewayKilledTest {
    private static final String KEY = "sk-ant-the-upstreams-own-key";

    @TempDir
    Path temp;

    private Machine machine;
    private HttpClient client;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void machine() {
        machine = new Machine(temp);
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        client.close();
    }

    @Test
    void killedUnderLoadItHasLostNoProviderAndNoSecretThatWasAcknowledged() throws Exception {
        var folder = GatewayState.folder(machine.host());
        Queue<String> providers = new ConcurrentLinkedQueue<>();
        Queue<String> secrets = new ConcurrentLinkedQueue<>();
        for (int round = 1; round <= 2; round++) {
            var url = startGateway();
            var setter = startSetting(folder, "R" + round, secrets);
            int wanted = round * 30;
            var creators = new ArrayList<Thread>();
            for (int i = 0; i < 3; i++) {
                var prefix = "r%d-%d-".formatted(round, i);
                creators.add(Thread.ofVirtual().start(() -> create(url, prefix, providers)));
            }
            Eventually.holds(
                    () -> providers.size() >= wanted && secrets.size() >= wanted,
                    Duration.ofMinutes(2),
                    () -> providers.size() + " providers, " + secrets.size() + " secrets");
            processes.forEach(Process::destroyForcibly);
            for (var creator : creators) creator.join();
            setter.join();
        }

        try (var state = GatewayState.open(folder, machine.host())) {
            for (var name : providers) assertTrue(state.providers().latest().containsKey(name), name);
            for (var name : secrets)
                assertEquals(SetsSecrets.value(name), state.secrets().find(name).orElse(null), name);
        }
        assertEquals(
                200,
                call(startGateway(), "GetLLMProvider", "{\"name\": \"%s\"}".formatted(providers.peek()))
                        .statusCode());
    }

    @Test
    void theUpstreamsKeyIsInNothingThatItWritesOrAnswers() throws Exception {
        var url = startGateway();
        var set = machine.typing(KEY).run("secret", "set", "UPSTREAM_KEY");
        var all = new StringBuilder(set.out()
                + set.err()
                + machine.run("secret", "list", "-o", "json").out());
        for (var base : List.of("http://127.0.0.1:" + freePort(), "http://no-such-host.test")) {
            for (var request : List.of(
                    "CreateLLMProvider {'llmProvider': {'name': 'p', 'enabled': true, 'anthropicConfig': "
                            + "{'apiKeyRef': 'UPSTREAM_KEY', 'baseUrl': '" + base + "'}}}",
                    "CheckConnection {'name': 'p'}",
                    "GetLLMProvider {'name': 'p'}",
                    "ListLLMProviders {}",
                    "UpdateLLMProvider {'llmProvider': {'name': 'p'}, 'updateMask': 'nonsense'}")) {
                var words = request.split(" ", 2);
                all.append(call(url, words[0], words[1].replace('\'', '"')).body());
            }
            var refused = client.send(
                    HttpRequest.newBuilder(URI.create(url + "/llm/v1/providers/p/v1/messages"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            all.append(refused.headers().map()).append(refused.body());
            assertTrue(refused.body().contains("cannot be reached"), refused.body());
            call(url, "DeleteLLMProvider", "{\"name\": \"p\"}");
        }

        assertFalse(all.toString().contains(KEY), all.toString());
        try (var files = Files.walk(temp)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(KEY),
                        file.toString());
            }
        }
    }

    /// Creates providers until the gateway is gone.
    private void create(String url, String prefix, Queue<String> acknowledged) {
        try {
            for (int i = 0; i < 20_000; i++) {
                var made = call(
                        url,
                        "CreateLLMProvider",
                        "{\"llmProvider\": {\"name\": \"%s\", \"openaiConfig\": {\"apiKeyRef\": \"K\"}}}"
                                .formatted(prefix + i));
                if (made.statusCode() == 200) acknowledged.add(prefix + i);
            }
        } catch (IOException gone) {
            // It was killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> call(String url, String method, String message)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url + "/redpanda.api.adp.v1alpha1.LLMProviderService/" + method))
                        .timeout(Duration.ofMinutes(2))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(message))
                        .build(),
                BodyHandlers.ofString());
    }

    private String startGateway() throws IOException {
        var log = temp.resolve("gateway-%d.log".formatted(processes.size()));
        processes.add(machine.start("gateway", "--listen", "127.0.0.1:0", "-v")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        var url = Pattern.compile("listens on (http://[0-9.:]+)\n");
        Eventually.holds(() -> url.matcher(read(log)).find(), Duration.ofMinutes(2), () -> read(log));
        return url.matcher(read(log)).results().findFirst().orElseThrow().group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread startSetting(Path folder, String prefix, Queue<String> acknowledged) throws IOException {
        var command = new ArrayList<>(Machine.command());
        command.set(command.size() - 1, SetsSecrets.class.getName());
        command.addAll(List.of(folder.toString(), prefix));
        var setter = machine.process(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(setter);
        var lines = new BufferedReader(new InputStreamReader(setter.getInputStream(), StandardCharsets.UTF_8));
        return Thread.ofVirtual().start(() -> {
            try {
                // Only a whole line was printed before the end.
                for (var line = lines.readLine(); line != null; line = lines.readLine())
                    if (line.matches(prefix + "_[0-9]+")) acknowledged.add(line);
            } catch (IOException killed) {
                // It was.
            }
        });
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
