package lib.gateway.access;

import java.util.Locale;

/// What one call of the gateway's needs, spelt as the gateway's error messages and its cloud's roles spell it.
///
///     Permission.GET.wire("LLMProvider")   // dataplane_adp_llmprovider_get
public enum Permission {
    /// The proxy.
    INVOKE,
    GET,
    LIST,
    CREATE,
    UPDATE,
    DELETE,
    /// To have a draft of a provider tried, with the gateway's secrets; a provider that there is, is tried for
    /// GET too.
    CHECK_CONNECTION;

    /// @param message what it is about, such as `LLMProvider`
    public String wire(String message) {
        return "dataplane_adp_%s_%s".formatted(message.toLowerCase(Locale.ROOT), name().toLowerCase(Locale.ROOT));
    }
}
