package lib.gateway.sealing;

import java.util.Optional;

/// What changes with the key of the secrets: the sealing key of a state in PostgreSQL, or which of two remains.
///
///     new SealingKeyChange(Optional.of(KeySource.file(path, host)), false)
///
/// @param next the sealing key that gateways are to use; the one before stays valid
/// @param finish whether only the sealing key that is used now stays valid
public record SealingKeyChange(Optional<KeySource> next, boolean finish) {
    /// The sealing key stays as it is.
    public static final SealingKeyChange NONE = new SealingKeyChange(Optional.empty(), false);
}
