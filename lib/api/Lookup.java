package lib.api;

import java.util.Optional;

/// The result of looking up one provider. An unreadable provider is a result and not an error: callers who may
/// only use the proxy can still launch an agent.
///
///     switch (management.find("anthropic")) { case Lookup.Found(var p) -> …; case Lookup.Unreadable(var why) -> …; }
public sealed interface Lookup {
    /// Returns the provider if the caller may read it.
    default Optional<Provider> provider() {
        return this instanceof Found(var found) ? Optional.of(found) : Optional.empty();
    }

    /// A provider that was found.
    record Found(Provider found) implements Lookup {}

    /// A provider that may exist but that this caller may not read (`permission_denied`, HTTP 403).
    ///
    /// @param why the gateway's message
    record Unreadable(String why) implements Lookup {}
}
