package lib.startup.shortcut;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import lib.auth.CredentialStore;
import lib.auth.RefreshWindow;
import lib.base.Secret;
import lib.startup.FastJson;

/// Reads the token of a sign-in that needs no refresh, without loading the classes behind
/// [lib.auth.DeviceTokens]. It returns the same token as that class, or nothing: unusual cases are left to that class.
///
///     FastTokenReader.read(credentials, Optional.of("org_123"), "https://auth.example.com", now,
///             Duration.ofSeconds(60))
public final class FastTokenReader {
    private static final long END_OF_CALENDAR = 253_402_300_799L;

    private FastTokenReader() {}

    /// The token, if it is valid for at least `leeway` from `now`, or for half of its lifetime if that is less.
    ///
    /// @param credentials the credentials file
    /// @param organization the organisation; empty for that of the only sign-in
    /// @param issuer the required issuer, without a trailing slash
    public static Optional<Secret> read(
            Path credentials, Optional<String> organization, String issuer, Instant now, Duration leeway) {
        try {
            var all = FastJson.object(Files.readAllBytes(credentials));
            var token = all.isPresent()
                            && entry(all.get(), organization) instanceof Map<?, ?> entry
                            && issuer.equals(entry.get("issuer"))
                    ? entry.get("access_token")
                    : null;
            return token instanceof String text && isGood(text, now, leeway)
                    ? Optional.of(new Secret(text))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Object entry(Map<String, Object> all, Optional<String> organization) {
        if (organization.isPresent()) return all.get(organization.get());
        // Only the store can tell which of several sign-ins is the latest.
        var only = all.size() == 1 ? all.keySet().iterator().next() : CredentialStore.SERVICE_ACCOUNT;
        return only.startsWith(CredentialStore.SERVICE_ACCOUNT) ? null : all.get(only);
    }

    private static boolean isGood(String token, Instant now, Duration leeway) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (!isPrintable(token) || first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) return false;
        var claims = FastJson.object(Base64.getUrlDecoder().decode(token.substring(first + 1, second)))
                .orElse(Map.of());
        // A token without a stated lifetime counts as valid, but that case is left to DeviceTokens.
        if (!(claims.get("iat") instanceof Long issued && claims.get("exp") instanceof Long expires)) return false;
        if (issued < 0 || issued >= expires || expires > END_OF_CALENDAR) return false;
        var window = RefreshWindow.within(leeway, Duration.ofSeconds(expires - issued));
        return now.plus(window).isBefore(Instant.ofEpochSecond(expires));
    }

    private static boolean isPrintable(String token) {
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) < '!' || token.charAt(i) > '~') return false;
        }
        return true;
    }
}
