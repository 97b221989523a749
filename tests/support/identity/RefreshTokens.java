package tests.support.identity;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Refresh tokens that rotate: each is good once, and presenting a used one again revokes its whole family.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">RFC 9700, section 4.14.2</a>
final class RefreshTokens {

    /// The rights that a refresh grants, the same for every token of a family.
    record Grant(String client, String audience, String scope, AccessTokens.Person person) {}

    /// A continued grant, and its next refresh token.
    record Rotated(Grant grant, String next) {}

    private static final class Family {
        final Grant grant;
        boolean revoked;

        Family(Grant grant) {
            this.grant = grant;
        }
    }

    private final Map<String, Family> current = new HashMap<>();
    private final Map<String, Family> used = new HashMap<>();
    private int reuses;

    synchronized String begin(Grant grant) {
        return mint(new Family(grant));
    }

    synchronized Rotated rotate(String token, String client) {
        if (used.containsKey(token)) {
            reuses++;
            used.get(token).revoked = true;
            throw FakeOAuthError.invalidGrant("refresh token reused: the whole family is revoked");
        }
        var family = current.get(token);
        if (family == null || family.revoked || !family.grant.client().equals(client)) {
            throw FakeOAuthError.invalidGrant("unknown or revoked refresh token");
        }
        current.remove(token);
        used.put(token, family);
        return new Rotated(family.grant, mint(family));
    }

    synchronized int reuses() {
        return reuses;
    }

    synchronized void revoke(String token) {
        if (current.containsKey(token)) current.get(token).revoked = true;
    }

    synchronized boolean isGood(String token) {
        return current.containsKey(token) && !current.get(token).revoked;
    }

    synchronized void revokeAll() {
        current.values().forEach(family -> family.revoked = true);
    }

    private String mint(Family family) {
        var token = "refresh-" + UUID.randomUUID();
        current.put(token, family);
        return token;
    }
}
