package lib.gateway.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.net.http.HttpRequest;
import java.text.ParseException;
import java.time.Duration;
import lib.base.UserError;
import lib.config.Cloud;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.http.ProxyVariables;

/// A company's identity provider, found by its discovery document.
///
///     new OpenIdProvider(URI.create("https://idp.example.com"), http).keys()
///
/// @param issuer the URL of the provider; a slash at its end makes no difference
/// @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect Discovery</a>
record OpenIdProvider(URI issuer, Http http) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// @throws UserError if the URL is not https: anyone on the network path could replace the keys
    OpenIdProvider {
        if (!isSafe(issuer)) throw UserError.usage("the issuer %s is not https".formatted(issuer), "use its https URL");
    }

    /// Returns whether an `iss` claim names this provider. Some providers include a slash at the end, which users
    /// often omit.
    boolean isNamed(String claim) {
        return Cloud.withoutSlash(claim).equals(Cloud.withoutSlash(issuer.toString()));
    }

    /// Fetches the keys that the provider publishes.
    ///
    /// @throws UserError if the provider does not answer as expected
    JWKSet keys() {
        var document = read(URI.create(Cloud.withoutSlash(issuer.toString()) + "/.well-known/openid-configuration"));
        if (!isNamed(document.path("issuer").asText())) throw unusable("has another name in its metadata");
        try {
            var uri = URI.create(document.path("jwks_uri").asText());
            if (!isSafe(uri)) throw unusable("names no https address of its keys");
            return JWKSet.parse(read(uri).toString());
        } catch (IllegalArgumentException | ParseException e) {
            throw unusable("has no readable keys");
        }
    }

    private JsonNode read(URI uri) {
        var answer = http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), Retry.NEVER, "the issuer");
        try {
            var json = new ObjectMapper().readTree(answer.body());
            if (answer.status() == 200 && json.isObject()) return json;
        } catch (JsonProcessingException e) {
            // Reported below. The answer is not repeated: it can contain anything.
        }
        throw unusable("answered HTTP " + answer.status());
    }

    private UserError unusable(String what) {
        return new UserError("the issuer %s %s".formatted(issuer, what), "check --oidc-issuer");
    }

    private static boolean isSafe(URI uri) {
        return uri.getHost() != null
                && ("https".equals(uri.getScheme())
                        || "http".equals(uri.getScheme()) && ProxyVariables.isLoopback(uri.getHost()));
    }
}
