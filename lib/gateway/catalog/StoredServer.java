package lib.gateway.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.certificate.ClientTls;
import lib.gateway.exchange.GatewayError;
import lib.gateway.formats.McpFormat;
import lib.gateway.management.definition.BaseUrl;
import lib.gateway.state.Secrets;
import lib.gateway.upstream.HostLookup;
import lib.gateway.upstream.OAuthClientCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;

/// An MCP server from the gateway's state, and the upstream for its requests.
///
/// @param definition the whole definition, valid
/// @param secrets the secrets that the definition refers to
/// @param oauth the source of tokens for servers that use OAuth
public record StoredServer(String name, ObjectNode definition, Secrets secrets, OAuthClientCredentials oauth) {
    public boolean enabled() {
        return definition.path("enabled").asBoolean();
    }

    /// Returns whether the server receives the caller's own credential.
    public boolean passthrough() {
        return auth().has("tokenPassthrough");
    }

    /// @throws GatewayError if a secret is missing, or if the URL leads to a forbidden address
    public Upstream.Remote remote() {
        var url = URI.create(url());
        if (BaseUrl.isSecure(url) && BaseUrl.leadsAstray(url.getHost()))
            throw misconfigured("its URL " + HostLookup.Forbidden.WHY);
        try {
            return new Upstream.Remote(url, access(), remedy(), HostLookup.GUARDED, ClientTls.NONE);
        } catch (UserError e) {
            throw misconfigured(e.line());
        }
    }

    public String url() {
        return definition.path("remote").path("url").asText();
    }

    private UpstreamAuth access() {
        if (passthrough()) return new UpstreamAuth.Passthrough();
        if (auth().has("oauth")) {
            var oauth = auth().path("oauth");
            return new UpstreamAuth.Key(
                    "Authorization", "Bearer ", this.oauth.token(oauth, secret(oauth.path("clientSecretRef"))));
        }
        if (!auth().has("staticKey")) return new UpstreamAuth.None();
        var header = auth().path("staticKey").path("headerName").asText("Authorization");
        return new UpstreamAuth.Key(
                header,
                header.equalsIgnoreCase("Authorization") ? "Bearer " : "",
                secret(auth().path("staticKey").path("keyRef")));
    }

    /// Returns the next step if the server rejects its credentials.
    private String remedy() {
        var ref = auth().path("staticKey")
                .path("keyRef")
                .asText(auth().path("oauth").path("clientSecretRef").asText());
        return ref.isEmpty()
                ? "set one: see rpkai mcp update --help"
                : "run rpkai secret set %s on the gateway's machine".formatted(ref);
    }

    private Secret secret(JsonNode reference) {
        var ref = reference.asText();
        return secrets.find(ref)
                .orElseThrow(() -> misconfigured(
                        "its secret %s is not set: run rpkai secret set %1$s on the gateway's machine".formatted(ref)));
    }

    private GatewayError misconfigured(String why) {
        return GatewayError.cannotReach(new McpFormat().subject(name), why);
    }

    private JsonNode auth() {
        return definition.path("remote").path("authConfig");
    }
}
