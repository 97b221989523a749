package lib.gateway.upstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lib.base.Secret;
import lib.base.UserError;

/// Gets tokens for MCP servers with the client credentials grant. Each token is kept until shortly before it
/// expires.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>
public final class OAuthClientCredentials {
    private static final Duration EARLY = Duration.ofSeconds(60);
    /// The assumed lifetime of a token if the answer does not state it.
    private static final long USUAL_SECONDS = 300;
    private static final int LIMIT = 64 * 1024;

    private final LazyHttpClient client;
    private final InstantSource clock;
    private final Map<JsonNode, Token> tokens = new ConcurrentHashMap<>();

    /// @param by the client secret with which the token was requested
    private record Token(Secret value, Secret by, Instant until) {}

    public OAuthClientCredentials(LazyHttpClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// @param oauth `{clientId, tokenUrl, scopes[]}`
    /// @throws UserError if no token can be obtained; the answer of the server is not repeated
    public Secret token(JsonNode oauth, Secret clientSecret) {
        return tokens.compute(
                        oauth,
                        (_, last) -> last != null
                                        && last.by.matches(clientSecret.reveal())
                                        && clock.instant().isBefore(last.until)
                                ? last
                                : fetched(oauth, clientSecret))
                .value;
    }

    private Token fetched(JsonNode oauth, Secret clientSecret) {
        var url = URI.create(oauth.path("tokenUrl").asText());
        var scopes = new ArrayList<String>();
        oauth.path("scopes").forEach(scope -> scopes.add(scope.asText()));
        var form = "grant_type=client_credentials&client_id=%s&client_secret=%s"
                        .formatted(encoded(oauth.path("clientId").asText()), encoded(clientSecret.reveal()))
                + (scopes.isEmpty() ? "" : "&scope=" + encoded(String.join(" ", scopes)));
        var request = HttpRequest.newBuilder(url)
                .timeout(UpstreamTimeouts.OWN_CALL)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            var answer = client.send(request, form.getBytes(StandardCharsets.UTF_8), HostLookup.GUARDED, LIMIT);
            if (answer.status() != 200) throw failed("its token URL answered HTTP %d".formatted(answer.status()));
            var json = new ObjectMapper().readTree(answer.body());
            var token = json.path("access_token").asText("");
            if (token.isEmpty()) throw failed("its token URL gave no token");
            return new Token(
                    new Secret(token),
                    clientSecret,
                    clock.instant()
                            .plusSeconds(json.path("expires_in").asLong(USUAL_SECONDS))
                            .minus(EARLY));
        } catch (JsonProcessingException e) {
            throw failed("its token URL did not answer with JSON");
        } catch (HostLookup.Forbidden e) {
            throw failed("its token URL " + HostLookup.Forbidden.WHY);
        } catch (IOException e) {
            throw failed("its token URL cannot be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the gateway is stopping");
        }
    }

    private static UserError failed(String why) {
        return new UserError(why, "check its oauth config");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
