package lib.gateway.exchange;

import java.util.LinkedHashMap;
import java.util.Map;

/// Which results of background responses and of batches were counted when a client fetched them: it may fetch one
/// any number of times.
///
///     fetched.count("openai/resp_1", 0)   // true
///     fetched.count("openai/resp_1", 0)   // false
///
/// The last 10,000 are remembered, in memory: an older one that is fetched again, or one after a restart, is
/// counted again.
public final class FetchedResults {
    private static final int MOST = 10_000;

    /// How many documents of each result were counted.
    private final Map<String, Integer> counted = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST;
        }
    };

    /// A result is still to come.
    synchronized void expect(String result) {
        counted.putIfAbsent(result, 0);
    }

    /// Whether a result is one that was to come, or was counted.
    synchronized boolean knows(String result) {
        return counted.containsKey(result);
    }

    /// Whether a document of a result is to be counted now: it is so once.
    ///
    /// @param index the document's place in the result, from 0
    synchronized boolean count(String result, int index) {
        if (counted.getOrDefault(result, 0) > index) return false;
        counted.put(result, index + 1);
        return true;
    }
}
