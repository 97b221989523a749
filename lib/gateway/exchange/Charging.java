package lib.gateway.exchange;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// When a request costs something, as far as its method and path tell.
///
///     Charging.of("GET", false, List.of("v1", "responses", "resp_1"))   // RESULT
enum Charging {
    /// A model answers at once.
    CALL,
    /// It costs something only if a model is named or usage is said: the path is none of a known operation.
    OTHER,
    /// Nothing: a count of tokens, an upload.
    FREE,
    /// The result of a background response is fetched.
    RESULT,
    /// The results of a batch are fetched, a document a line.
    RESULTS;

    /// The last segments of paths at which models answer, whatever a body names.
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
    /// The same, behind the name of a Google model.
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

    /// Empty for what is no call of a model, and carries none's result.
    ///
    /// @param segments of the path below the provider
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
        // OpenAI's batches have their results in a file.
        var ofGoogle = size >= 3
                && segments.get(size - 2).equals("batches")
                && segments.get(size - 3).startsWith("v1beta");
        return ofMessages || ofFile || ofGoogle || last.endsWith(":download") ? Optional.of(RESULTS) : Optional.empty();
    }
}
