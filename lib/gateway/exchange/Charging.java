package lib.gateway.exchange;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Classifies by method and path when a request costs something.
///
///     Charging.of("GET", false, List.of("v1", "responses", "resp_1"))   // RESULT
enum Charging {
    /// A model call that is answered at once.
    CALL,
    /// An unknown operation: it costs something only if the request names a model or the answer reports usage.
    OTHER,
    /// A free request, such as a token count or an upload.
    FREE,
    /// A request that fetches the result of a background response.
    RESULT,
    /// A request that fetches the results of a batch, one document per line.
    RESULTS;

    /// The last path segments of model calls, whatever the body names.
    private static final Set<String> CALLS = Set.of(
            "messages",
            "complete",
            "completions",
            "responses",
            "compact",
            "embeddings",
            "generations",
            "edits",
            "variations",
            "transcriptions",
            "translations",
            "speech",
            "rerank",
            "interactions",
            "videos",
            "converse",
            "converse-stream",
            "invoke",
            "invoke-with-response-stream");
    /// The last path segments of model calls that follow the name of a Google model.
    private static final Set<String> MODEL_CALLS = Set.of(
            "generateContent",
            "streamGenerateContent",
            "embedContent",
            "batchEmbedContents",
            "predict",
            "predictLongRunning",
            "generateImages",
            "generateAnswer");
    private static final Set<String> FREE_OPERATIONS = Set.of(
            "count_tokens",
            "count-tokens",
            "input_tokens",
            "tokenize",
            "moderations",
            "batches",
            "files",
            "cancel",
            "countTokens",
            "countMessageTokens",
            "countTextTokens",
            "batchGenerateContent",
            "asyncBatchEmbedContent");

    /// Returns the classification; empty if the request neither calls a model nor fetches a result.
    ///
    /// @param segments the segments of the path below the provider
    static Optional<Charging> of(String method, boolean hasBody, List<String> segments) {
        var last = segments.isEmpty() ? "" : segments.getLast();
        if (method.equals("GET") && !hasBody) return fetched(segments, last);
        if (!method.equals("POST") && !hasBody) return Optional.empty();
        var operation = last.substring(last.lastIndexOf(':') + 1);
        if (FREE_OPERATIONS.contains(operation)) return Optional.of(FREE);
        var isCall = CALLS.contains(last) || last.contains(":") && MODEL_CALLS.contains(operation);
        return Optional.of(isCall ? CALL : OTHER);
    }

    private static Optional<Charging> fetched(List<String> segments, String last) {
        int size = segments.size();
        if (size >= 2 && segments.get(size - 2).equals("responses")) return Optional.of(RESULT);
        var ofMessages =
                size >= 4 && last.equals("results") && segments.get(size - 3).equals("batches");
        var ofFile =
                size >= 3 && last.equals("content") && segments.get(size - 3).equals("files");
        // OpenAI keeps the results of a batch in a file.
        var ofGoogle = size >= 3
                && segments.get(size - 2).equals("batches")
                && segments.get(size - 3).startsWith("v1beta");
        return ofMessages || ofFile || ofGoogle || last.endsWith(":download") ? Optional.of(RESULTS) : Optional.empty();
    }
}
