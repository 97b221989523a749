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

/// The gateway token on a request. Agents differ in where they put it, and Claude Code sends it twice.
///
/// @param caller who it stands for
/// @param token the token itself; it goes no further than this; empty where none is needed
/// @param authorization whether `Authorization` is the caller's own and goes upstream
public record CallerCredentials(Caller caller, String token, boolean authorization) {
    private static final HeaderName CLOUD_TOKEN = HeaderNames.create("x-redpanda-cloud-token");
    private static final List<HeaderName> KEYS =
            List.of(HeaderNames.create("x-api-key"), HeaderNames.create("x-goog-api-key"), CLOUD_TOKEN);

    /// The first good token wherever one may be.
    ///
    /// @throws Refusal where there is none
    public static CallerCredentials of(Headers headers, Authenticator callers) {
        return anyones(callers, false)
                .or(() -> firstGood(
                        Stream.concat(bearer(headers), KEYS.stream().flatMap(name -> values(headers, name))),
                        callers,
                        false))
                .orElseThrow(GatewayError::unauthenticated);
    }

    /// The one beside a credential of the caller's own: it has one place only.
    ///
    /// @throws Refusal where there is none, or where both are the same
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

    /// Whether another token is good here, too: clients renew theirs, and may send the older one as their own.
    /// Only one of the same issuer is looked at; for any other the keys would be fetched again.
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

    /// What a token says of itself, not verified; empty where it is no JWT.
    private static String issuer(String token) {
        try {
            return Optional.ofNullable(JWTParser.parse(token).getJWTClaimsSet())
                    .map(JWTClaimsSet::getIssuer)
                    .orElse("");
        } catch (ParseException e) {
            return "";
        }
    }

    /// The one that the management API takes: a bearer.
    ///
    /// @throws Refusal where it is good and gives no role, and where it cannot be checked
    public static Optional<CallerCredentials> ofBearer(Headers headers, Authenticator callers) {
        return anyones(callers, false).or(() -> firstGood(bearer(headers), callers, false));
    }

    /// Whether a header must stay here: one for gateway credentials, or any other that has the token in it.
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

    /// A token without a role counts only where no other is good: some clients send a key of their own beside it.
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
