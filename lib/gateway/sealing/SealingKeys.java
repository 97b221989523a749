package lib.gateway.sealing;

import java.util.Map;
import javax.crypto.SecretKey;

/// The key that the secrets of one state are sealed with. The state remembers facts about it: where it is, and how to
/// recognise it. None of them gives it away.
///
///     var made = keys.orNew(facts, false);   // the state then remembers made.facts()
///     keys.existing(facts)                   // the same key
public interface SealingKeys {
    /// Does what may take long, such as running a command, before a transaction begins.
    default void prepare() {}

    /// A key, and what the state has to remember of it.
    record Made(SecretKey key, Map<String, String> facts) {}

    /// The key, which is made where there is none.
    ///
    /// @param facts all that the state remembers
    /// @param isUsed whether anything is sealed with the key
    /// @throws lib.base.UserError where it is gone, or another
    Made orNew(Map<String, String> facts, boolean isUsed);

    /// The key of what is sealed already.
    ///
    /// @throws lib.base.UserError where it is gone, or another
    SecretKey existing(Map<String, String> facts);
}
