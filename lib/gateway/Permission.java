package lib.gateway;

import java.util.Locale;

/// What one call of the gateway's needs, spelt as the gateway's error messages and its cloud's roles spell it.
///
///     Permission.GET.wire()   // dataplane_adp_llmprovider_get
enum Permission {
    /// The proxy.
    INVOKE,
    GET, LIST, CREATE, UPDATE, DELETE;

    String wire() {
        return "dataplane_adp_llmprovider_" + name().toLowerCase(Locale.ROOT);
    }
}
