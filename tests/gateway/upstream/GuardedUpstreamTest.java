package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.upstream.Recorded;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

/// Names that lead to the addresses of metadata services, in a gateway that looks names up in a file. A name has
/// both a good and a bad address there: what is connected to must have been looked at, all of it.
class GuardedUpstreamTest {
    private static final Pattern LISTENS = Pattern.compile("listens on (http://\\S+)");

    @TempDir
    Path temp;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process process;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        upstream.handle(call -> call.path().equals("/token")
                ? Reply.json(200, JsonNodeFactory.instance.objectNode().put("access_token", "fetched"))
                : Reply.json(200, call.json()));
        var machine = new Machine(temp);
        machine.write("work/hosts", "127.0.0.1 good.internal\n127.0.0.1 bad.internal\n169.254.169.254 bad.internal\n");
        machine.write("work/all.yaml", """
                name: good
                enabled: true
                openaiCompatibleConfig: {baseUrl: 'http://good.internal:PORT/v1'}
                ---
                name: bad
                enabled: true
                openaiCompatibleConfig: {baseUrl: 'http://bad.internal:PORT/v1'}
                ---
                name: secure
                enabled: true
                openaiCompatibleConfig: {baseUrl: 'https://bad.internal:PORT/v1'}
                ---
                name: good
                enabled: true
                remote: {url: 'http://good.internal:PORT/mcp'}
                ---
                name: bad
                enabled: true
                remote: {url: 'http://bad.internal:PORT/mcp'}
                ---
                name: good-token
                enabled: true
                remote: {url: 'http://good.internal:PORT/mcp', authConfig: {oauth: {clientId: me, clientSecretRef: \
                OPENAI_API_KEY, tokenUrl: 'http://good.internal:PORT/token'}}}
                ---
                name: bad-token
                enabled: true
                remote: {url: 'http://good.internal:PORT/mcp', authConfig: {oauth: {clientId: me, clientSecretRef: \
                OPENAI_API_KEY, tokenUrl: 'http://bad.internal:PORT/token'}}}
                """.replace(
                        "PORT", Integer.toString(URI.create(upstream.url()).getPort())));
        process = machine.with(
                        "JAVA_TOOL_OPTIONS",
                        "-Djdk.net.hosts.file=" + machine.cwd().resolve("hosts"))
                .with("OPENAI_API_KEY", "sk-test")
                .with("OPENAI_BASE_URL", "https://127.0.0.1:1")
                .start("gateway", "--listen", "127.0.0.1:0", "-f", "all.yaml")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        url = listening(process.errorReader());
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
        upstream.close();
    }

    private static URI listening(BufferedReader log) throws IOException {
        var lines = new StringBuilder();
        for (String line; (line = log.readLine()) != null; lines.append(line).append('\n')) {
            var found = LISTENS.matcher(line);
            if (found.find()) return URI.create(found.group(1));
        }
        throw new AssertionError("it ended before it listened: " + lines);
    }

    @Test
    void nothingIsSentToAnAddressOfAMetadataService() throws Exception {
        for (var path : List.of("llm/v1/providers/good/v1/responses", "mcp/v1/good", "mcp/v1/good-token"))
            assertEquals(200, post(path, "{\"model\": \"m\"}").statusCode(), path);
        assertTrue(check("good").endsWith("\"status\":{}}"), check("good"));
        var before = upstream.requests().size();

        for (var path : List.of(
                "llm/v1/providers/bad/v1/responses",
                "llm/v1/providers/secure/v1/responses",
                "mcp/v1/bad",
                "mcp/v1/bad-token")) {
            var answer = post(path, "{\"model\": \"m\"}");
            assertEquals(502, answer.statusCode(), path);
            assertTrue(answer.body().contains("URL resolves to a metadata address of a cloud"), answer.body());
        }
        for (var name : List.of("bad", "secure")) assertTrue(check(name).contains("\"code\":9,"), check(name));
        assertEquals(
                List.of(),
                upstream.requests().subList(before, upstream.requests().size()).stream()
                        .map(Recorded::target)
                        .toList());
    }

    private String check(String name) throws Exception {
        var services = "redpanda.api.adp.v1alpha1.LLMProviderService/CheckConnection";
        var answer = post(services, "{\"name\": \"%s\"}".formatted(name));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(url.resolve("/" + path))
                        .timeout(Duration.ofMinutes(2))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
