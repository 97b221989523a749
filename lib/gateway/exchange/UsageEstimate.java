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

/// An estimate, made before a request is forwarded, of the model and the number of tokens that it will use. The
/// input is estimated from the length of the body, the output from the maximum that the request allows.
///
///     UsageEstimate.of(exchange).usage()   // Usage[input=900, output=1000, …]
///
/// @param model the model that the request names; empty if it names none
/// @param usage the expected usage
public record UsageEstimate(String model, Usage usage) {
    /// The approximate number of bytes in a token of English text or JSON.
    private static final int BYTES_TO_A_TOKEN = 4;
    /// The assumed output in tokens if the request sets no maximum.
    private static final int USUAL_OUTPUT = 1_000;
    /// The upper limit of the estimate in tokens. No model answers with more, whatever maximum a request sets.
    private static final int MOST_OUTPUT = 200_000;
    /// The fields in which the APIs set the maximum output.
    private static final Set<String> MOST = Set.of(
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "maxOutputTokens",
            "maxTokens",
            "max_tokens_to_sample");
    /// The maximum nesting depth of the fields in [#MOST]. Bedrock and Google have them in an object at the top
    /// level.
    private static final int DEEPEST = 2;
    /// The last path segments of requests that start a batch. The request itself is free, but the work that it
    /// starts is charged.
    private static final Set<String> BATCHES = Set.of("batches", "batchGenerateContent", "asyncBatchEmbedContent");
    private static final JsonFactory JSON = new JsonFactory();

    /// Returns whether the upstream charges for a request. Counting tokens is free, and so is fetching a result,
    /// which was charged before.
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

    /// Returns the estimate for a request. It reads and holds the body if that is JSON and small enough to hold.
    ///
    /// @throws IOException if the client disconnects
    public static UsageEstimate of(Exchange exchange) throws IOException {
        var body = exchange.body();
        var inPath = exchange.wire().modelInPath(exchange.target());
        // A body that is not JSON, or too large to hold, is forwarded unread.
        if (!isJson(exchange) || body.length().orElse(0) > RequestBody.LIMIT)
            return new UsageEstimate(inPath.orElse(""), expected(body.length().orElse(0), USUAL_OUTPUT));
        var found = new Found();
        var bytes = body.bytes();
        try (var decoded =
                DecodedBody.of(bytes, exchange.request().headers().all(HeaderNames.CONTENT_ENCODING, List::of))) {
            found.read(decoded);
        } catch (IOException | GatewayError broken) {
            // The upstream reports the error, or reads what this parser cannot; the part that was read counts.
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

    /// Reads the model and the maximum output from JSON as it is parsed.
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
