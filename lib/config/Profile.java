package lib.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// One environment to work against: a gateway, and how to sign in to it. A value is empty where the file says
/// nothing.
///
///     file.profiles().get("prod").gatewayUrl()
///
/// @param organization whose credentials are used
/// @param environmentId the cluster's id, for an environment picked at sign-in
/// @param environmentName the cluster's name, likewise
/// @param gatewayUrl the AI Gateway's base URL
/// @param adpApiUrl where the management API is, when that is not the gateway itself
/// @param authMode where the token comes from
/// @param description for people
/// @param signIn where to sign in, where that is not what `cloud` says
public record Profile(
        Optional<String> organization,
        Optional<String> environmentId,
        Optional<String> environmentName,
        Optional<String> gatewayUrl,
        Optional<String> adpApiUrl,
        Optional<String> authMode,
        Optional<String> description,
        Optional<SignIn> signIn) {

    /// A gateway's own place to sign in.
    ///
    /// @param issuer who gives its tokens
    /// @param clientId as which; empty for the usual one
    /// @param audience whom they are for; empty for the usual one
    public record SignIn(String issuer, Optional<String> clientId, Optional<String> audience) {}

    static Profile fromYaml(JsonNode yaml) {
        return new Profile(
                text(yaml.path("organization")),
                text(yaml.path("environment").path("id")),
                text(yaml.path("environment").path("name")),
                text(yaml.path("ai_gateway_url")),
                text(yaml.path("adp_api_url")),
                text(yaml.path("auth_mode")),
                text(yaml.path("description")),
                text(yaml.path("issuer"))
                        .map(issuer -> new SignIn(issuer, text(yaml.path("client_id")), text(yaml.path("audience")))));
    }

    /// A profile for a live environment, signed in to by the device flow.
    public static Profile live(String organization, String id, String name, Optional<String> gatewayUrl) {
        return new Profile(
                Optional.of(organization),
                Optional.of(id),
                Optional.of(name),
                gatewayUrl,
                Optional.empty(),
                Optional.of(AuthMode.DEVICE.label()),
                Optional.empty(),
                Optional.empty());
    }

    /// A profile for a gateway that says itself where to sign in to it.
    public static Profile signedIn(String organization, String gatewayUrl, SignIn signIn) {
        return new Profile(
                Optional.of(organization),
                Optional.empty(),
                Optional.empty(),
                Optional.of(gatewayUrl),
                Optional.empty(),
                Optional.of(AuthMode.DEVICE.label()),
                Optional.empty(),
                Optional.of(signIn));
    }

    /// Writes the known keys over `before`, whose other keys stay.
    ObjectNode onto(ObjectNode before) {
        var yaml = before.deepCopy();
        organization.ifPresent(value -> yaml.put("organization", value));
        if (environmentId.isPresent() || environmentName.isPresent()) {
            var environment =
                    yaml.path("environment") instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
            environmentId.ifPresent(value -> environment.put("id", value));
            environmentName.ifPresent(value -> environment.put("name", value));
            yaml.set("environment", environment);
        }
        gatewayUrl.ifPresentOrElse(value -> yaml.put("ai_gateway_url", value), () -> yaml.remove("ai_gateway_url"));
        adpApiUrl.ifPresent(value -> yaml.put("adp_api_url", value));
        authMode.ifPresent(value -> yaml.put("auth_mode", value));
        description.ifPresent(value -> yaml.put("description", value));
        signIn.ifPresent(place -> {
            yaml.put("issuer", place.issuer());
            place.clientId().ifPresent(value -> yaml.put("client_id", value));
            place.audience().ifPresent(value -> yaml.put("audience", value));
        });
        return yaml;
    }

    private static Optional<String> text(JsonNode node) {
        return node.isValueNode() && !node.isNull()
                ? Optional.of(node.asText()).filter(text -> !text.isBlank())
                : Optional.empty();
    }
}
