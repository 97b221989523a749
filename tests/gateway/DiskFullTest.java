package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static tests.gateway.TestGateway.ADMIN_TOKEN;
import static tests.gateway.TestGateway.demo;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.gateway.config.Operations;
import lib.gateway.state.GatewayState;
import lib.usage.pricing.Prices;
import lib.usage.store.UsageDatabase;
import lib.usage.store.UsageService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

/// A gateway whose disk is full, and has room again. The disk is a small one in memory, which only root can make.
@EnabledOnOs(OS.LINUX)
class DiskFullTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CALL =
            "{\"model\": \"claude-x\", \"max_tokens\": 16, \"messages\": [{\"role\": \"user\", "
                    + "\"content\": \"hello\"}]}";

    @TempDir
    Path temp;

    private Path disk;
    private boolean isMounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0;
        assumeTrue(isMounted, "a small disk can be mounted by root only");
    }

    @AfterEach
    void unmount() throws Exception {
        if (isMounted) run("umount", "-l", disk.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void aFullDiskStopsChangesButNotCallsUntilThereIsRoomAgain() throws Exception {
        var bugs = new CopyOnWriteArrayList<String>();
        var warnings = new CopyOnWriteArrayList<String>();
        try (var state = GatewayState.open(disk.resolve("state"), new Machine(temp).host());
                var accounting = UsageService.open(
                        UsageDatabase.sqlite(disk.resolve("usage.db")),
                        Prices.list(),
                        InstantSource.system(),
                        warnings::add);
                var gateway = TestGateway.with(
                        config -> config.withState(state)
                                .withUsage(accounting)
                                .withOperations(Operations.quiet().withBugs((what, bug) -> bugs.add(what + " " + bug))),
                        demo())) {
            assertEquals(200, create(gateway, "before").statusCode());
            assertEquals(200, gateway.post("demo/v1/messages", CALL).statusCode());
            assertTrue(
                    accounting.calls() instanceof lib.usage.store.UsageStore store && store.flush(LIMIT),
                    "usage is written");
            fill();

            var refused = create(gateway, "full");
            assertEquals(503, refused.statusCode(), refused.body());
            var message = TestGateway.json(refused.body()).path("message").asText();
            assertTrue(
                    message.startsWith("the disk of the gateway's state ")
                            && message.endsWith("is full: free some space on it; no other action is needed"),
                    message);
            assertEquals("the disk of the gateway's state is full\n", ready(gateway, 503));
            for (int i = 0; i < 3; i++) {
                assertEquals(200, gateway.post("demo/v1/messages", CALL).statusCode());
                assertEquals(
                        List.of("before", "demo"),
                        TestGateway.json(call(gateway, "ListLLMProviders", "{}").body())
                                .path("llmProviders")
                                .findValuesAsText("name"));
            }
            Eventually.holds(
                    () -> warnings.stream().anyMatch(line -> line.contains("its disk is full")),
                    LIMIT,
                    () -> "usage: " + warnings);

            Files.delete(disk.resolve("filler"));
            Eventually.holds(() -> isReady(gateway), LIMIT, () -> "still not ready");
            assertEquals(200, create(gateway, "after").statusCode());
            assertTrue(
                    ((lib.usage.store.UsageStore) accounting.calls()).flush(LIMIT),
                    "what was used meanwhile is written");
            assertEquals(List.of(), bugs);
            assertFalse(warnings.stream().anyMatch(line -> line.contains("lost")), warnings.toString());
        }
    }

    private void fill() throws IOException {
        var filler = disk.resolve("filler");
        for (int size = 64 * 1024; size > 0; size /= 4) {
            try {
                while (true) Files.write(filler, new byte[size], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException full) {
                // Then smaller pieces.
            }
        }
    }

    private static String ready(TestGateway gateway, int status) throws Exception {
        var answer = gateway.send(gateway.anonymous("/readyz"));
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static boolean isReady(TestGateway gateway) {
        try {
            return gateway.send(gateway.anonymous("/readyz")).statusCode() == 200;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> create(TestGateway gateway, String name) throws Exception {
        // Larger than the space left in the existing pages.
        return call(
                gateway,
                "CreateLLMProvider",
                ("{\"llmProvider\": {\"name\": \"%s\", \"description\": \"%s\", \"anthropicConfig\": "
                                + "{\"apiKeyRef\": \"KEY\"}}}")
                        .formatted(name, "d".repeat(200)));
    }

    private static HttpResponse<String> call(TestGateway gateway, String method, String body) throws Exception {
        return gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.LLMProviderService/" + method)
                .header("Authorization", "Bearer " + ADMIN_TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }
}
