package lib.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.base.Host;

/// The identity provider and control plane that `auth login` uses. A variable overrides the file, and the file
/// overrides the defaults, which are Redpanda Cloud's.
///
///     settings.cloud().issuer()   // "https://auth.prd.cloud.redpanda.com"
///
/// @param issuer the identity provider; the discovery document of an issuer other than the default gives every
///     endpoint
/// @param deviceAuthorizationEndpoint the endpoint that starts the default issuer's device flow (RFC 8628)
/// @param clientId the public client id of this tool
/// @param audience the audience of the tokens
/// @param apiUrl the control plane, which lists the organisation's environments
/// @param ofGateway whether a gateway itself announced this place to sign in
public record Cloud(
        String issuer,
        String deviceAuthorizationEndpoint,
        String clientId,
        String audience,
        String apiUrl,
        boolean ofGateway) {
    /// Redpanda Cloud's own issuer.
    public static final String DEFAULT_ISSUER = "https://auth.prd.cloud.redpanda.com";

    static final Cloud DEFAULT = new Cloud(
            DEFAULT_ISSUER,
            "https://cloud-api.prd.cloud.redpanda.com/oauth/device/code",
            "ehNhbNUwjPIWUinE2b7njFyE4VBrxXZm",
            "cloudv2-production.redpanda.cloud",
            "https://api.redpanda.com",
            false);

    /// Every place to sign in that the config names: its own, and those that gateways announced themselves.
    public static List<Cloud> all(ConfigFile file, Host host) {
        var gateways = file.profiles().values().stream()
                .filter(profile -> profile.signIn().isPresent())
                .map(Cloud::of);
        return Stream.concat(gateways, Stream.of(resolve(file.cloud(), Optional.empty(), host)))
                .toList();
    }

    /// @param place a profile with its own place to sign in
    static Cloud resolve(JsonNode yaml, Optional<Profile> place, Host host) {
        var cloud = place.map(Cloud::of)
                .orElseGet(() -> new Cloud(
                        yaml.path("issuer").asText(DEFAULT.issuer),
                        yaml.path("device_authorization_endpoint").asText(DEFAULT.deviceAuthorizationEndpoint),
                        yaml.path("client_id").asText(DEFAULT.clientId),
                        yaml.path("audience").asText(DEFAULT.audience),
                        yaml.path("api_url").asText(""),
                        false));
        var issuer = host.variable("RPAI_ISSUER").orElse(cloud.issuer);
        // Redpanda Cloud must not see another issuer's tokens.
        var api = cloud.apiUrl.isEmpty() || !issuer.equals(cloud.issuer) && place.isPresent()
                ? withoutSlash(issuer).equals(DEFAULT.issuer) ? DEFAULT.apiUrl : issuer
                : cloud.apiUrl;
        return new Cloud(
                issuer,
                cloud.deviceAuthorizationEndpoint,
                host.variable("RPAI_CLIENT_ID").orElse(cloud.clientId),
                host.variable("RPAI_AUDIENCE").orElse(cloud.audience),
                host.variable("RPAI_CLOUD_API_URL").orElse(api),
                cloud.ofGateway);
    }

    /// The place to sign in to that profile's gateway, which lists itself as an environment.
    private static Cloud of(Profile profile) {
        return of(profile.signIn().orElseThrow(), profile.gatewayUrl().orElse(""));
    }

    /// The place to sign in to that gateway.
    public static Cloud of(Profile.SignIn place, String gatewayUrl) {
        return new Cloud(
                place.issuer(),
                DEFAULT.deviceAuthorizationEndpoint,
                place.clientId().orElse(DEFAULT.clientId),
                place.audience().orElse(DEFAULT.audience),
                gatewayUrl,
                true);
    }

    /// The name under which a sign-in here is kept: the organisation's name, unless a gateway's own issuer gave
    /// it or the token names none. Such an issuer could claim another issuer's organisation, so its sign-ins are
    /// kept under the issuer and the audience.
    public String account(Optional<String> organization) {
        return organization.filter(_ -> !ofGateway).orElseGet(() -> withoutSlash(issuer) + " " + audience);
    }

    /// Returns whether this is Redpanda Cloud's own issuer, whose endpoints are known without a request.
    public boolean isDefaultIssuer() {
        return withoutSlash(issuer).equals(DEFAULT.issuer);
    }

    /// A URL without trailing slashes, so that paths can be appended.
    public static String withoutSlash(String url) {
        int end = url.length();
        while (end > 0 && url.charAt(end - 1) == '/') end--;
        return url.substring(0, end);
    }
}
