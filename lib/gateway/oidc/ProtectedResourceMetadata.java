package lib.gateway.oidc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import lib.gateway.exchange.ExtraRoutes;
import lib.gateway.exchange.PublicEndpoint;

/// Publishes where to sign in to this gateway, so that `rpkai auth login URL` needs no other information. It also
/// lists the gateway itself as the only environment.
///
/// @param issuer the issuer of tokens; empty if that is the gateway itself
/// @param audience the audience that tokens must name
/// @param clientId the client id with which `rpkai` requests tokens; empty for its default one
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728, protected resource metadata</a>
public record ProtectedResourceMetadata(
        PublicEndpoint front, Optional<URI> issuer, String audience, Optional<String> clientId) implements ExtraRoutes {
    @Override
    public boolean serve(ServerRequest request, ServerResponse response) {
        if (!request.prologue().method().text().equals("GET")) return false;
        var base = front.baseUrl(request);
        return switch (request.prologue().uriPath().rawPath()) {
            case "/.well-known/oauth-protected-resource" -> send(response, resource(base));
            case "/v1/clusters" -> send(response, clusters(base));
            default -> false;
        };
    }

    private ObjectNode resource(String base) {
        var json = JsonNodeFactory.instance.objectNode().put("resource", base).put("rpkai_audience", audience);
        json.putArray("authorization_servers").add(issuer.map(URI::toString).orElse(base));
        json.putArray("bearer_methods_supported").add("header");
        clientId.ifPresent(id -> json.put("rpkai_client_id", id));
        return json;
    }

    private static ObjectNode clusters(String base) {
        var json = JsonNodeFactory.instance.objectNode();
        var name = base.replaceFirst("^[a-z]+://", "").replace(':', '-');
        json.putArray("clusters")
                .addObject()
                .put("id", name)
                .put("name", name)
                .putObject("ai_gateway")
                .put("v2_url", base);
        return json;
    }

    private static boolean send(ServerResponse response, ObjectNode json) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(json.toString().getBytes(StandardCharsets.UTF_8));
        return true;
    }
}
