package lib.gateway.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.UserError;
import lib.gateway.Caller;
import lib.gateway.Caller.Role;

/// Which role the claims of a token give.
///
///     new RoleRules("groups", Map.of("platform", Role.ADMIN), Set.of("ada@example.com"), Optional.of(Role.USER)).caller(claims)
///
/// @param claim the claim that holds roles, a text or a list; with dots where it lies inside another: `realm_access.roles`
/// @param roles what its values stand for; the names of the roles stand for themselves
/// @param admins who is an admin whatever that claim says: emails, or subjects
/// @param otherwise the role of everybody else whom the issuer gave a token; empty where that is none
public record RoleRules(String claim, Map<String, Role> roles, Set<String> admins, Optional<Role> otherwise) {

    /// The role of that name.
    ///
    /// @throws UserError where there is none
    public static Role role(String name) {
        return named(name).orElseThrow(() -> UserError.usage("unknown role \"%s\"".formatted(name), "use admin, user or invoker"));
    }

    /// Who that is; empty where they have no role here.
    Optional<Caller> caller(JWTClaimsSet claims) {
        var subject = claims.getSubject();
        var email = email(claims);
        var isAdmin = admins.contains(subject) || email.filter(address -> admins.stream().anyMatch(address::equalsIgnoreCase)).isPresent();
        // Roles are declared with the mightiest first.
        var role = isAdmin ? Optional.of(Role.ADMIN) : values(claims).flatMap(value -> Optional.ofNullable(roles.get(value)).or(() -> named(value)).stream()).sorted().findFirst().or(() -> otherwise);
        return role.map(each -> new Caller(email.orElse(subject), each));
    }

    /// An address that the issuer does not vouch for is nobody's.
    private static Optional<String> email(JWTClaimsSet claims) {
        if (Boolean.FALSE.equals(claims.getClaim("email_verified"))) return Optional.empty();
        return Stream.of("email", "https://cloud.redpanda.com/email").map(claims::getClaim)
                .filter(String.class::isInstance).map(String.class::cast).filter(text -> !text.isBlank()).findFirst();
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
        return Stream.of(Role.values()).filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name)).findFirst();
    }
}
