package lib.gateway.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers which results of background responses and batches were already counted, since a client may fetch a
/// result any number of times.
///
///     fetched.count("openai/resp_1", 0)   // true
///     fetched.count("openai/resp_1", 0)   // false
///
/// The last 10,000 results are remembered, in memory. An older result, or one from before a restart, is counted
/// again when it is fetched again.
public final class FetchedResults {
    private static final int MOST = 10_000;

    /// The number of counted documents of each result.
    private final Map<String, Integer> counted = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST;
        }
    };

    /// Records that a result is expected.
    synchronized void expect(String result) {
        counted.putIfAbsent(result, 0);
    }

    /// Returns whether a result is expected or was counted.
    synchronized boolean knows(String result) {
        return counted.containsKey(result);
    }

    /// Returns whether a document of a result must be counted now. This is true once for each document.
    ///
    /// @param index the document's place in the result, from 0
    synchronized boolean count(String result, int index) {
        if (counted.getOrDefault(result, 0) > index) return false;
        counted.put(result, index + 1);
        return true;
    }
}
