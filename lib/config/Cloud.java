package lib.config;

import com.fasterxml.jackson.databind.JsonNode;
import lib.Host;

/// The identity provider and control plane that `auth login` talks to. A variable wins over the file, the file over the
/// defaults, which are Redpanda Cloud's.
///
///     settings.cloud().issuer()   // "https://auth.prd.cloud.redpanda.com"
///
/// @param issuer the identity provider; with one that is not the default, its discovery document gives every endpoint
/// @param deviceAuthorizationEndpoint where the default issuer's device flow starts (RFC 8628)
/// @param clientId the public client id of this tool
/// @param audience whom the tokens are for
/// @param apiUrl the control plane, which lists the organisation's environments
public record Cloud(String issuer, String deviceAuthorizationEndpoint, String clientId, String audience, String apiUrl) {
    static final Cloud DEFAULT = new Cloud(
            "https://auth.prd.cloud.redpanda.com", "https://cloud-api.prd.cloud.redpanda.com/oauth/device/code",
            "ehNhbNUwjPIWUinE2b7njFyE4VBrxXZm", "cloudv2-production.redpanda.cloud", "https://api.redpanda.com");

    static Cloud resolve(JsonNode yaml, Host host) {
        return new Cloud(
                pick(host, "RPAI_ISSUER", yaml, "issuer", DEFAULT.issuer),
                yaml.path("device_authorization_endpoint").asText(DEFAULT.deviceAuthorizationEndpoint),
                pick(host, "RPAI_CLIENT_ID", yaml, "client_id", DEFAULT.clientId),
                pick(host, "RPAI_AUDIENCE", yaml, "audience", DEFAULT.audience),
                pick(host, "RPAI_CLOUD_API_URL", yaml, "api_url", DEFAULT.apiUrl));
    }

    /// Whether this is Redpanda Cloud's own issuer, whose endpoints are known without asking.
    public boolean isDefaultIssuer() {
        return withoutSlash(issuer).equals(DEFAULT.issuer);
    }

    /// A URL without the slashes at its end, so that paths can be put behind it.
    public static String withoutSlash(String url) {
        return url.replaceAll("/+$", "");
    }

    private static String pick(Host host, String variable, JsonNode yaml, String key, String otherwise) {
        return host.variable(variable).orElse(yaml.path(key).asText(otherwise));
    }
}
