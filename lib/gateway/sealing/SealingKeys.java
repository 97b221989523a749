package lib.gateway.sealing;

import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;

/// The key that encrypts the secrets of one state. The state remembers facts about it: where it is, and how to
/// recognise it. No fact reveals the key.
///
///     var made = keys.orNew(facts, false);   // the state then remembers made.facts()
///     keys.existing(facts)                   // the same key
public interface SealingKeys {
    /// Does what may take long, such as running a command, before a transaction that encrypts something begins.
    ///
    /// @param facts everything that the state remembers
    default void prepare(Map<String, String> facts) {}

    /// Does the same before a transaction that only decrypts.
    default void prepareReading(Map<String, String> facts) {}

    /// A key, and what the state has to remember about it.
    record Made(SecretKey key, Map<String, String> facts) {}

    /// Returns the key within a transaction, and makes it if there is none.
    ///
    /// @param facts everything that the state remembers
    /// @param isUsed whether anything is encrypted with the key
    /// @throws lib.base.UserError if the key is missing or a different one
    Made orNew(Map<String, String> facts, boolean isUsed);

    /// Returns the key of what is encrypted already.
    ///
    /// @throws lib.base.UserError if the key is missing or a different one
    SecretKey existing(Map<String, String> facts);

    /// Replaces the key. A process that ends at any moment leaves a key with which everything opens.
    ///
    /// @param change what else is to change
    /// @return where the new key is, for people; empty if there is no key yet
    /// @throws lib.base.UserError if the key is missing, or the new one cannot be stored
    Optional<String> replace(KeyedStore store, SealingKeyChange change);

    /// Returns whether a text, such as a variable's value, is one of the keys that the facts describe.
    static boolean isKey(String text, Map<String, String> facts) {
        return KeyText.parse(text.strip())
                .map(KeyText::mark)
                .filter(mark -> facts.entrySet().stream()
                        .anyMatch(fact -> fact.getKey().endsWith(KeyText.MARK)
                                && fact.getValue().equals(mark)))
                .isPresent();
    }
}
