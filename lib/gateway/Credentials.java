package lib.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The gateway token on a request. Agents differ in where they put it, and Claude Code sends it twice.
///
/// @param caller who it stands for
/// @param token the token itself; it goes no further than this
record Credentials(Caller caller, String token) {
    private static final List<HeaderName> KEYS = Stream.of("x-api-key", "x-goog-api-key", "x-redpanda-cloud-token")
            .map(HeaderNames::create).toList();

    /// The first good token wherever one may be; empty where there is none.
    static Optional<Credentials> of(Headers headers, Callers callers) {
        return Stream.concat(bearer(headers), KEYS.stream().flatMap(name -> values(headers, name)))
                .flatMap(token -> check(token, callers).stream())
                .findFirst();
    }

    /// The one that the management API takes: a bearer.
    static Optional<Credentials> ofBearer(Headers headers, Callers callers) {
        return bearer(headers).flatMap(token -> check(token, callers).stream()).findFirst();
    }

    /// Whether a header must stay here: one for gateway credentials, or any other that has the token in it.
    boolean keepsBack(String name, String value) {
        return HeaderNames.AUTHORIZATION.lowerCase().equalsIgnoreCase(name)
                || KEYS.stream().anyMatch(key -> key.lowerCase().equalsIgnoreCase(name))
                || value.contains(token);
    }

    @Override
    public String toString() {
        return "Credentials[" + caller + "]";
    }

    private static Optional<Credentials> check(String token, Callers callers) {
        return token.isEmpty()
                ? Optional.empty()
                : callers.check(token).map(caller -> new Credentials(caller, token));
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
