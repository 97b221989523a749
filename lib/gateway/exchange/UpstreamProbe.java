package lib.gateway.exchange;

import java.util.Map;

/// The cheapest request that shows whether an upstream accepts the credentials. It costs no tokens.
///
/// @param method GET, or POST with an empty JSON object
/// @param path the path below the provider
/// @param query the query with its question mark; may be empty
/// @param headers the headers that the API requires
public record UpstreamProbe(String method, String path, String query, Map<String, String> headers) {
    /// Returns a request for the list of models.
    public static UpstreamProbe models(String path, String query) {
        return new UpstreamProbe("GET", path, query, Map.of());
    }
}
