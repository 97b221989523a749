package lib.api;

import java.util.Optional;

/// What asking for one provider gave. That it can't be read is a value too: a caller who may only invoke launches
/// all the same.
///
///     switch (management.find("anthropic")) { case Lookup.Found(var p) -> …; case Lookup.Unreadable(var why) -> …; }
public sealed interface Lookup {
    /// The provider, where it may be read.
    default Optional<Provider> provider() {
        return this instanceof Found(var found) ? Optional.of(found) : Optional.empty();
    }

    /// The provider.
    record Found(Provider found) implements Lookup {}

    /// It may exist, but this caller may not read it (`permission_denied`, HTTP 403).
    ///
    /// @param why the gateway's words
    record Unreadable(String why) implements Lookup {}
}
