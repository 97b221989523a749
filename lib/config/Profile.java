package lib.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// One environment: a gateway, and how to sign in to it. A value that the file does not set is empty.
///
///     file.profiles().get("prod").gatewayUrl()
///
/// @param organization the organisation whose credentials are used
/// @param cluster the cluster, for an environment picked at sign-in
/// @param urls the URLs of its gateway
/// @param authMode the source of the token
/// @param description a description for people
/// @param signIn the place to sign in, if it is not the one in `cloud`
public record Profile(
        Optional<String> organization,
        Cluster cluster,
        Urls urls,
        Optional<String> authMode,
        Optional<String> description,
        Optional<SignIn> signIn) {

    /// A cluster of the organisation.
    ///
    /// @param id its id
    /// @param name its name
    public record Cluster(Optional<String> id, Optional<String> name) {
        /// The cluster of an environment that was not picked at sign-in.
        public static final Cluster NONE = new Cluster(Optional.empty(), Optional.empty());
    }

    /// The URLs of the gateway.
    ///
    /// @param gateway the AI Gateway's base URL
    /// @param managementApi the URL of the management API, if that is not the gateway itself
    public record Urls(Optional<String> gateway, Optional<String> managementApi) {}

    /// The cluster's id, for an environment picked at sign-in.
    public Optional<String> environmentId() {
        return cluster.id();
    }

    /// The AI Gateway's base URL.
    public Optional<String> gatewayUrl() {
        return urls.gateway();
    }

    /// The URL of the management API, if that is not the gateway itself.
    public Optional<String> adpApiUrl() {
        return urls.managementApi();
    }

    /// A gateway's own place to sign in.
    ///
    /// @param issuer the issuer of its tokens
    /// @param clientId the client id to use; empty for the usual one
    /// @param audience the audience of the tokens; empty for the usual one
    public record SignIn(String issuer, Optional<String> clientId, Optional<String> audience) {}

    static Profile fromYaml(JsonNode yaml) {
        return new Profile(
                text(yaml.path("organization")),
                new Cluster(
                        text(yaml.path("environment").path("id")),
                        text(yaml.path("environment").path("name"))),
                new Urls(text(yaml.path("ai_gateway_url")), text(yaml.path("adp_api_url"))),
                text(yaml.path("auth_mode")),
                text(yaml.path("description")),
                text(yaml.path("issuer"))
                        .map(issuer -> new SignIn(issuer, text(yaml.path("client_id")), text(yaml.path("audience")))));
    }

    /// A profile for a live environment, signed in to by the device flow.
    public static Profile live(String organization, String id, String name, Optional<String> gatewayUrl) {
        return new Profile(
                Optional.of(organization),
                new Cluster(Optional.of(id), Optional.of(name)),
                new Urls(gatewayUrl, Optional.empty()),
                Optional.of(AuthMode.DEVICE.label()),
                Optional.empty(),
                Optional.empty());
    }

    /// A profile for a gateway that announces its own place to sign in.
    public static Profile signedIn(String organization, String gatewayUrl, SignIn signIn) {
        return new Profile(
                Optional.of(organization),
                Cluster.NONE,
                new Urls(Optional.of(gatewayUrl), Optional.empty()),
                Optional.of(AuthMode.DEVICE.label()),
                Optional.empty(),
                Optional.of(signIn));
    }

    /// Writes the known keys over `before` and keeps its other keys.
    ObjectNode onto(ObjectNode before) {
        var yaml = before.deepCopy();
        organization.ifPresent(value -> yaml.put("organization", value));
        if (cluster.id().isPresent() || cluster.name().isPresent()) {
            var environment =
                    yaml.path("environment") instanceof ObjectNode node ? node : JsonNodeFactory.instance.objectNode();
            cluster.id().ifPresent(value -> environment.put("id", value));
            cluster.name().ifPresent(value -> environment.put("name", value));
            yaml.set("environment", environment);
        }
        urls.gateway().ifPresentOrElse(value -> yaml.put("ai_gateway_url", value), () -> yaml.remove("ai_gateway_url"));
        urls.managementApi().ifPresent(value -> yaml.put("adp_api_url", value));
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
