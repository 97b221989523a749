package lib.gateway.exchange;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.access.KeysUnavailable;
import lib.gateway.access.MissingRole;
import lib.gateway.state.StateUnavailable;

/// The gateway token of a request. Agents send it in different headers, and Claude Code sends it twice.
///
/// @param caller the caller that the token identifies
/// @param token the token, which is never forwarded; empty if none is needed
/// @param authorization whether `Authorization` is the caller's own and goes upstream
public record CallerCredentials(Caller caller, String token, boolean authorization) {
    private static final HeaderName CLOUD_TOKEN = HeaderNames.create("x-redpanda-cloud-token");
    private static final List<HeaderName> KEYS =
            List.of(HeaderNames.create("x-api-key"), HeaderNames.create("x-goog-api-key"), CLOUD_TOKEN);

    /// Returns the first valid token from any of the headers that may hold one.
    ///
    /// @throws GatewayError if there is none
    public static CallerCredentials of(Headers headers, Authenticator callers) {
        return anyones(callers, false)
                .or(() -> firstGood(
                        Stream.concat(bearer(headers), KEYS.stream().flatMap(name -> values(headers, name))),
                        callers,
                        false))
                .orElseThrow(GatewayError::unauthenticated);
    }

    /// Returns the gateway token that accompanies a credential of the caller's own. Only one header may hold it.
    ///
    /// @throws GatewayError if there is none, or if both are the same
    public static CallerCredentials besideTheCallersOwn(Headers headers, Authenticator callers) {
        var anyones = anyones(callers, true);
        if (anyones.isPresent()) return anyones.get();
        var tokens =
                values(headers, CLOUD_TOKEN).filter(token -> !token.isEmpty()).toList();
        if (tokens.isEmpty()) {
            throw GatewayError.invalid(
                    "authorization passthrough requires gateway authentication in X-Redpanda-Cloud-Token");
        }
        var credentials = firstGood(tokens.stream(), callers, true).orElseThrow(GatewayError::lapsed);
        if (values(headers, HeaderNames.AUTHORIZATION).anyMatch(value -> ProxyPath.holds(value, credentials.token))
                || bearer(headers).anyMatch(token -> isGood(token, credentials.token, callers))) {
            throw GatewayError.invalid(
                    "with authorization passthrough, Authorization is for your own upstream credential "
                            + "and not for the gateway token");
        }
        return credentials;
    }

    /// Returns whether another token is valid here too: clients renew their tokens and may send the older one as
    /// their own. Only tokens of the same issuer are checked; others would cause the keys to be fetched again.
    private static boolean isGood(String token, String known, Authenticator callers) {
        if (token.isEmpty() || !issuer(token).equals(issuer(known))) return false;
        try {
            return callers.check(token).isPresent();
        } catch (MissingRole e) {
            return true;
        } catch (KeysUnavailable e) {
            return false;
        }
    }

    /// Returns the unverified issuer claim of a token; empty if the token is not a JWT.
    private static String issuer(String token) {
        try {
            return Optional.ofNullable(JWTParser.parse(token).getJWTClaimsSet())
                    .map(JWTClaimsSet::getIssuer)
                    .orElse("");
        } catch (ParseException e) {
            return "";
        }
    }

    /// Returns the bearer token, the only kind that the management API accepts.
    ///
    /// @throws GatewayError if the token is valid but gives no role, or if it cannot be checked
    public static Optional<CallerCredentials> ofBearer(Headers headers, Authenticator callers) {
        return anyones(callers, false).or(() -> firstGood(bearer(headers), callers, false));
    }

    /// Returns whether a header must not be forwarded: a header for gateway credentials, or any other that
    /// contains the token.
    public boolean keepsBack(String name, String value) {
        if (ProxyPath.holds(value, token)) return true;
        if (HeaderNames.AUTHORIZATION.lowerCase().equalsIgnoreCase(name)) return !authorization;
        for (var key : KEYS) if (key.lowerCase().equalsIgnoreCase(name)) return true;
        return false;
    }

    @Override
    public String toString() {
        return "Credentials[" + caller + "]";
    }

    /// Returns the first valid token. The error for a token without a role is used only if no other token is
    /// valid: some clients send a key of their own as well.
    private static Optional<CallerCredentials> firstGood(
            Stream<String> tokens, Authenticator callers, boolean authorization) {
        Optional<MissingRole> missing = Optional.empty();
        for (var token : (Iterable<String>) tokens::iterator) {
            try {
                var good = check(token, callers, authorization);
                if (good.isPresent()) return good;
            } catch (MissingRole e) {
                missing = Optional.of(e);
            }
        }
        if (missing.isPresent()) throw GatewayError.foreign(missing.get().getMessage());
        return Optional.empty();
    }

    private static Optional<CallerCredentials> check(String token, Authenticator callers, boolean authorization) {
        try {
            return token.isEmpty()
                    ? Optional.empty()
                    : callers.check(token).map(caller -> new CallerCredentials(caller, token, authorization));
        } catch (KeysUnavailable e) {
            throw GatewayError.unavailable(e.getMessage());
        } catch (StateUnavailable e) {
            throw GatewayError.stateUnavailable(e);
        }
    }

    private static Optional<CallerCredentials> anyones(Authenticator callers, boolean authorization) {
        return callers.withoutToken().map(caller -> new CallerCredentials(caller, "", authorization));
    }

    private static Stream<String> bearer(Headers headers) {
        return values(headers, HeaderNames.AUTHORIZATION)
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip());
    }

    private static Stream<String> values(Headers headers, HeaderName name) {
        return headers.all(name, List::of).stream().map(String::strip);
    }
}
