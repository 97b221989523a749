package lib.gateway.exchange;

import java.util.Map;

/// The cheapest request by which an upstream shows that it takes the credentials: it costs no token.
///
/// @param method GET, or POST with an empty JSON object
/// @param path below the provider
/// @param query with its question mark; may be empty
/// @param headers that the API insists on
public record UpstreamProbe(String method, String path, String query, Map<String, String> headers) {
    /// The list of models.
    public static UpstreamProbe models(String path, String query) {
        return new UpstreamProbe("GET", path, query, Map.of());
    }
}
