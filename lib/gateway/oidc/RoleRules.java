package lib.gateway.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.base.UserError;
import lib.gateway.access.Caller;
import lib.gateway.access.Caller.Role;
import lib.gateway.access.MissingRole;

/// Which role the claims of a token give.
///
///     new RoleRules("groups", Map.of("platform", Role.ADMIN), Set.of("ada@example.com"),
///             Optional.of(Role.USER)).caller(claims)
///
/// @param claim the claim that holds roles, a text or a list; with dots where it lies inside another:
///     `realm_access.roles`
/// @param roles what its values stand for; the names of the roles stand for themselves
/// @param admins who is an admin whatever that claim says: emails, or subjects
/// @param otherwise the role of everybody else whom the issuer gave a token; empty where that is none
public record RoleRules(String claim, Map<String, Role> roles, Set<String> admins, Optional<Role> otherwise) {

    private static final int LONGEST_NAME = 128;

    /// The role of that name.
    ///
    /// @throws UserError where there is none
    public static Role role(String name) {
        return named(name)
                .orElseThrow(
                        () -> UserError.usage("unknown role \"%s\"".formatted(name), "use admin, user or invoker"));
    }

    /// Who that is; empty where they have no role here.
    Optional<Caller> caller(JWTClaimsSet claims) {
        var subject = claims.getSubject();
        var email = email(claims);
        var isAdmin = admins.contains(subject)
                || email.filter(address -> admins.stream().anyMatch(address::equalsIgnoreCase))
                        .isPresent();
        // Roles are declared with the mightiest first.
        var role = isAdmin
                ? Optional.of(Role.ADMIN)
                : values(claims)
                        .flatMap(value -> Optional.ofNullable(roles.get(value)).or(() -> named(value)).stream())
                        .sorted()
                        .findFirst()
                        .or(() -> otherwise);
        return role.map(each -> new Caller(email.orElse(subject), each));
    }

    /// Says to those without a role who they are here and what gives one.
    MissingRole missing(JWTClaimsSet claims) {
        // A claim may hold any text, and this one becomes part of a message.
        var name = email(claims).orElse(claims.getSubject()).replaceAll("[^\\x20-\\x7e]", "?");
        return new MissingRole(("%s is signed in but has no role at this gateway: its administrator can assign "
                        + "one in the token's claim \"%s\" "
                        + "(--oidc-role VALUE=ROLE), with --oidc-admin, or to everyone with "
                        + "--oidc-default-role")
                .formatted(name.substring(0, Math.min(LONGEST_NAME, name.length())), claim));
    }

    /// The address, where the issuer vouches for it. An issuer that never sends `email_verified`, as Entra ID,
    /// vouches for all its addresses; one that sends it has to send `true`, which some providers write as a
    /// string.
    private static Optional<String> email(JWTClaimsSet claims) {
        if (claims.getClaims().containsKey("email_verified")) {
            var verified = claims.getClaim("email_verified");
            if (!Boolean.TRUE.equals(verified) && !"true".equals(verified)) return Optional.empty();
        }
        return Stream.of("email", "https://cloud.redpanda.com/email")
                .map(claims::getClaim)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    private Stream<String> values(JWTClaimsSet claims) {
        var value = claims.getClaim(claim);
        if (value == null && claim.contains(".")) value = below(claims.getClaims(), claim.split("\\."));
        return switch (value) {
            case String text -> Stream.of(text);
            case List<?> list -> list.stream().filter(String.class::isInstance).map(String.class::cast);
            case null, default -> Stream.empty();
        };
    }

    private static Object below(Object value, String... path) {
        for (var name : path) value = value instanceof Map<?, ?> map ? map.get(name) : null;
        return value;
    }

    private static Optional<Role> named(String name) {
        return Stream.of(Role.values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
