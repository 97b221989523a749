package lib.gateway.sealing;

import java.util.Map;
import java.util.function.Function;
import javax.crypto.SecretKey;

/// The state, as the change of its key sees it.
///
///     store.reseal(facts -> new KeyedStore.Change(keys.existing(facts), next, Map.of("key mark", mark)))
public interface KeyedStore {
    /// One key in place of another.
    ///
    /// @param facts what the state remembers from then on; an empty value forgets a fact
    record Change(SecretKey before, SecretKey after, Map<String, String> facts) {}

    /// Returns everything that the state remembers now.
    Map<String, String> facts();

    /// Encrypts everything anew in one transaction, in which no other process writes.
    ///
    /// @param change gets the facts as they are in the transaction
    void reseal(Function<Map<String, String>, Change> change);
}
