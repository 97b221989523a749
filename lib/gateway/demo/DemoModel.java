package lib.gateway.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.gateway.exchange.DecodedBody;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.ProxyPath;

/// The demo model in every API format: a script, and the pace at which its answers are written.
///
/// @param script the rules that decide what is said
/// @param pace the action that waits between two pieces of a streamed answer
public record DemoModel(DemoScript script, Runnable pace) {
    static final String EVENTS = "text/event-stream; charset=utf-8";

    /// Tells a gateway in front of this one that the answer costs nothing.
    public static final Header ANSWERED = HeaderValues.create("x-rpkai-demo", "true");

    /// The creation time of everything that the demo model returns, in seconds since 1970. It is constant, so
    /// that answers are the same on every day.
    static final long CREATED = 1_767_225_600;

    private static final ObjectMapper JSON = new ObjectMapper();
    // A few words, which is about what real models send at a time.
    private static final Pattern PIECE = Pattern.compile("(?s)\\s*\\S+(\\s+\\S+){0,2}\\s*");

    /// Answers a request in the API format of its provider.
    ///
    /// @throws GatewayError for a request that the real API would refuse too
    /// @throws IOException if the client disconnects
    public void answer(Exchange exchange) throws IOException {
        switch (exchange.provider().type().spec().orElseThrow().api()) {
            case ANTHROPIC -> new AnthropicDemo(this).answer(exchange);
            case BEDROCK -> new BedrockDemo(this).answer(exchange);
            case GOOGLE -> new GoogleDemo(this).answer(exchange);
            case OPENAI -> new OpenAiDemo(this).answer(exchange);
        }
    }

    DemoReply reply(DemoRequest request) {
        return DemoReply.to(request, script);
    }

    /// Splits a text into the pieces in which it is streamed.
    static List<String> pieces(String text) {
        return PIECE.matcher(text).results().map(MatchResult::group).toList();
    }

    static String id(String prefix) {
        return prefix + "demo_" + UUID.randomUUID().toString().replace("-", "");
    }

    /// Reads the body of a request as JSON.
    ///
    /// @throws GatewayError if the body is not JSON
    static JsonNode json(Exchange exchange) throws IOException {
        try {
            return JSON.readTree(DecodedBody.of(
                    exchange.body().bytes(), exchange.request().headers().all(HeaderNames.CONTENT_ENCODING, List::of)));
        } catch (JsonProcessingException e) {
            throw GatewayError.invalid("the request body is not JSON");
        }
    }

    /// A piece of a stream.
    ///
    /// @param kind the kind of the piece; between two pieces of the same kind the stream pauses
    /// @param bytes the bytes as they are sent
    record Piece(String kind, byte[] bytes) {
        Piece(String kind, String text) {
            this(kind, text.getBytes(StandardCharsets.UTF_8));
        }

        /// Makes a server-sent event that is named by the type of its JSON.
        static Piece event(JsonNode event) {
            var type = event.path("type").asText();
            return new Piece(type, "event: %s\ndata: %s\n\n".formatted(type, event));
        }
    }

    /// Sends a stream, and flushes after each piece.
    void stream(String contentType, Stream<Piece> pieces, Exchange exchange) throws IOException {
        var response = exchange.response();
        response.header(HeaderNames.CONTENT_TYPE, contentType);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        exchange.metered().ifPresent(metered -> metered.answers(200, contentType, ""));
        var out = response.outputStream();
        var previous = "";
        for (var piece : (Iterable<Piece>) pieces::iterator) {
            if (piece.kind().equals(previous)) pace.run();
            previous = piece.kind();
            out.write(piece.bytes());
            out.flush();
            exchange.metered().ifPresent(metered -> metered.shown(piece.bytes(), 0, piece.bytes().length));
        }
    }

    static GatewayError nothingAt(ProxyPath target) {
        return GatewayError.notFound("the demo model has no " + target.path());
    }
}
