package lib.gateway.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lib.usage.Usage;

/// What a request makes likely before it is sent on: the model that it asks for, and how many tokens that may
/// use. Input is told from the length of the body, output from the most that the request allows.
///
///     UsageEstimate.of(exchange).usage()   // Usage[input=900, output=1000, …]
///
/// @param model as the request names it; empty where it names none
/// @param usage how much it is expected to use
public record UsageEstimate(String model, Usage usage) {
    /// Of English and of JSON, a token is about that many bytes.
    private static final int BYTES_TO_A_TOKEN = 4;
    /// What an answer has where the request does not say how much it may have.
    private static final int USUAL_OUTPUT = 1_000;
    /// No model answers with more; a request may say what it likes.
    private static final int MOST_OUTPUT = 200_000;
    private static final Set<String> MOST = Set.of(
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "maxOutputTokens",
            "maxTokens",
            "max_tokens_to_sample");
    /// Bedrock and Google have it in an object of their own.
    private static final int DEEPEST = 2;
    /// What starts a batch costs nothing itself, and what it starts does.
    private static final Set<String> BATCHES = Set.of("batches", "batchGenerateContent", "asyncBatchEmbedContent");
    private static final JsonFactory JSON = new JsonFactory();

    /// Whether the upstream charges for what is asked: not for a count of tokens, nor for a result that is
    /// fetched, which was charged before.
    public static boolean isCharged(Exchange exchange) {
        return exchange.charging()
                .filter(charging -> switch (charging) {
                    case CALL, OTHER -> true;
                    case FREE -> startsBatch(exchange.target());
                    case RESULT, RESULTS -> false;
                })
                .isPresent();
    }

    private static boolean startsBatch(ProxyPath target) {
        var last = target.segments().getLast();
        return BATCHES.contains(last.substring(last.lastIndexOf(':') + 1));
    }

    /// That of a request, whose body is read for it where it is JSON.
    ///
    /// @throws IOException where the client goes away
    public static UsageEstimate of(Exchange exchange) throws IOException {
        var body = exchange.body();
        var inPath = exchange.wire().modelInPath(exchange.target());
        // What is no JSON, or more than is held, passes unread.
        if (!isJson(exchange) || body.length().orElse(0) > RequestBody.LIMIT)
            return new UsageEstimate(inPath.orElse(""), expected(body.length().orElse(0), USUAL_OUTPUT));
        var found = new Found();
        var bytes = body.bytes();
        try (var decoded =
                DecodedBody.of(bytes, exchange.request().headers().all(HeaderNames.CONTENT_ENCODING, List::of))) {
            found.read(decoded);
        } catch (IOException | GatewayError broken) {
            // The upstream says so, or reads what is not read here; what was read of it holds.
        }
        return new UsageEstimate(
                inPath.orElse(found.model), expected(Math.max(bytes.length, found.length), found.most));
    }

    private static boolean isJson(Exchange exchange) {
        var headers = exchange.request().headers();
        var type = headers.all(HeaderNames.CONTENT_TYPE, () -> List.of("application/json"))
                .getFirst()
                .toLowerCase(Locale.ROOT);
        return type.contains("json");
    }

    private static Usage expected(long bytes, long output) {
        return new Usage(bytes / BYTES_TO_A_TOKEN, Math.clamp(output, 0, MOST_OUTPUT), 0, 0, 0, 0);
    }

    /// What a request says.
    private static final class Found {
        private String model = "";
        private long most = USUAL_OUTPUT;
        private long length;

        void read(InputStream body) throws IOException {
            try (var json = JSON.createParser(body)) {
                int depth = 0;
                for (JsonToken token; (token = json.nextToken()) != null; ) {
                    if (token.isStructStart()) depth++;
                    else if (token.isStructEnd()) depth--;
                    else if (token == JsonToken.VALUE_NUMBER_INT
                            && depth <= DEEPEST
                            && json.currentName() != null
                            && MOST.contains(json.currentName())) most = json.getValueAsLong(USUAL_OUTPUT);
                    else if (token == JsonToken.VALUE_STRING && depth == 1 && "model".equals(json.currentName()))
                        model = json.getText();
                    length = json.currentLocation().getByteOffset();
                }
            }
        }
    }
}
