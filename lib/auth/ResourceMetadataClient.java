package lib.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Optional;
import lib.base.UserError;
import lib.config.Profile.SignIn;
import lib.http.Http;
import lib.http.Http.Retry;

/// Asks a gateway where its users sign in.
///
///     ResourceMetadataClient.of(URI.create("https://aigw.example.com"), http).issuer()
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728, protected resource metadata</a>
public final class ResourceMetadataClient {
    private ResourceMetadataClient() {}

    /// Asks the gateway at that URL.
    ///
    /// @throws UserError if the gateway does not publish this
    public static SignIn of(URI gateway, Http http) {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(gateway + "/.well-known/oauth-protected-resource"))
                        .build(),
                Retry.SAFE,
                "the AI Gateway");
        try {
            var json = new ObjectMapper().readTree(answer.body());
            var issuer = json.path("authorization_servers").path(0).asText("");
            if (answer.status() == 200 && !issuer.isEmpty()) {
                return new SignIn(
                        issuer,
                        text(json.path("rpkai_client_id").asText("")),
                        text(json.path("rpkai_audience").asText("")));
            }
        } catch (JsonProcessingException e) {
            // The error below covers this: the server is not a gateway, or publishes nothing.
        }
        throw new UserError(
                "%s does not name a sign-in server (HTTP %d)".formatted(gateway, answer.status()),
                ("if it requires no sign-in, run rpkai env add NAME --ai-gateway-url %s " + "--auth-mode none")
                        .formatted(gateway));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }
}
