package tests.gateway.metering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import lib.usage.Usage;
import tests.support.Repository;
import tests.support.upstream.BedrockReplies;
import tests.support.upstream.Reply;

/// One call of a recording of real agents, as the upstream had it: what was asked, less the prompt, what it
/// answered, piece by piece, and what it counted itself while it did so.
///
/// @param type of the provider
/// @param agent its `User-Agent`
/// @param end `end`; `cut` where the upstream broke off, `left` where the agent did
/// @param packed whether the answer was in gzip
record RecordedCall(
        String type,
        String path,
        JsonNode request,
        String agent,
        String session,
        int status,
        String content,
        boolean packed,
        String end,
        List<String> parts,
        Usage counted) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<RecordedCall> read(String name) {
        Path file = Repository.root().resolve("tests/gateway").resolve(name);
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            var calls = new ArrayList<RecordedCall>();
            for (String line; (line = lines.readLine()) != null; ) calls.add(of(JSON.readTree(line)));
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordedCall of(JsonNode json) {
        var parts = new ArrayList<String>();
        json.path("parts").forEach(part -> parts.add(part.asText()));
        var counts = json.path("counts");
        return new RecordedCall(
                json.path("type").asText(),
                json.path("path").asText(),
                json.path("request"),
                json.path("agent").asText(),
                json.path("session").asText(),
                json.path("status").asInt(),
                json.path("content").asText(),
                json.path("gzip").asBoolean(),
                json.path("end").asText(),
                List.copyOf(parts),
                new Usage(
                        counts.path("input").asLong(),
                        counts.path("output").asLong(),
                        counts.path("cached_input").asLong(),
                        counts.path("cache_write_5m").asLong(),
                        counts.path("cache_write_1h").asLong(),
                        counts.path("reasoning").asLong()));
    }

    /// The name of the model in the request.
    String model() {
        return type.equals("bedrock")
                ? path.split("/")[1].replace("%3A", ":")
                : request.path("model").asText();
    }

    boolean isCodex() {
        return agent.startsWith("codex");
    }

    /// Returns the expected usage. For a stream without its last event, four bytes of text count as one output
    /// token.
    Usage expected() {
        if (parts.stream().noneMatch(part -> part.contains("message_start"))) return counted;
        long said = parts.stream()
                .flatMap(String::lines)
                .map(line -> line.startsWith("data:") ? line.substring("data:".length()) : line)
                .filter(line -> line.strip().startsWith("{"))
                .mapToLong(RecordedCall::said)
                .sum();
        var ended = parts.stream().anyMatch(part -> part.contains("message_delta"));
        return ended
                ? counted
                : new Usage(
                        counted.input(),
                        Math.max(counted.output(), (said + 3) / 4),
                        counted.cachedInput(),
                        counted.cacheWrite5m(),
                        counted.cacheWrite1h(),
                        counted.reasoning());
    }

    private static long said(String event) {
        try {
            var delta = JSON.readTree(event).path("delta");
            return Stream.of("text", "thinking", "partial_json")
                    .mapToLong(name -> delta.path(name).asText().getBytes(StandardCharsets.UTF_8).length)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The answer, in the pieces in which it came.
    Reply reply() {
        var pieces = isBedrockStream()
                ? parts.stream().map(BedrockReplies::frame).toList()
                : parts.stream()
                        .map(part -> part.getBytes(StandardCharsets.UTF_8))
                        .toList();
        var reply = Reply.pieces(status, content, packed ? packed(pieces) : pieces);
        if (packed) reply = reply.header("Content-Encoding", "gzip");
        return switch (end) {
            case "cut" -> reply.cutAfter(parts.size());
            case "left" -> reply.endlessAfter(parts.size());
            default -> reply;
        };
    }

    /// Returns the pieces as an upstream sends them that compresses a stream while it writes it.
    private static List<byte[]> packed(List<byte[]> pieces) {
        var all = new ArrayList<byte[]>();
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes, true)) {
            for (var piece : pieces) {
                gzip.write(piece);
                gzip.flush();
                all.add(bytes.toByteArray());
                bytes.reset();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        all.add(bytes.toByteArray());
        return all;
    }

    private boolean isBedrockStream() {
        return content.startsWith("application/vnd.amazon.eventstream");
    }
}
