package lib.gateway.access;

import java.util.Locale;

/// The permission that a call of the gateway requires, spelt as in the gateway's error messages and in its
/// cloud's roles.
///
///     Permission.GET.wire("LLMProvider")   // dataplane_adp_llmprovider_get
public enum Permission {
    /// Use of the proxy.
    INVOKE,
    GET,
    LIST,
    CREATE,
    UPDATE,
    DELETE,
    /// A connection check of a draft provider with the gateway's secrets. For a saved
    /// provider, `GET` is sufficient.
    CHECK_CONNECTION;

    /// @param message the message type, such as `LLMProvider`
    public String wire(String message) {
        return "dataplane_adp_%s_%s".formatted(message.toLowerCase(Locale.ROOT), name().toLowerCase(Locale.ROOT));
    }
}
