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

/// Maps the claims of a token to a role.
///
///     new RoleRules("groups", Map.of("platform", Role.ADMIN), Set.of("ada@example.com"),
///             Optional.of(Role.USER)).caller(claims)
///
/// @param claim the claim that holds roles, a text or a list; a nested claim is written with dots:
///     `realm_access.roles`
/// @param roles the roles of the values of that claim; the names of roles need no entry
/// @param admins the emails or subjects of admins, whatever the claim says
/// @param otherwise the role of all other users of the issuer; empty for none
public record RoleRules(String claim, Map<String, Role> roles, Set<String> admins, Optional<Role> otherwise) {

    private static final int LONGEST_NAME = 128;

    /// Returns the role of that name.
    ///
    /// @throws UserError if there is no such role
    public static Role role(String name) {
        return named(name)
                .orElseThrow(
                        () -> UserError.usage("unknown role \"%s\"".formatted(name), "use admin, user or invoker"));
    }

    /// Returns the caller with these claims; empty if they give no role here.
    Optional<Caller> caller(JWTClaimsSet claims) {
        var subject = claims.getSubject();
        var email = email(claims);
        var isAdmin = admins.contains(subject)
                || email.filter(address -> admins.stream().anyMatch(address::equalsIgnoreCase))
                        .isPresent();
        // The enum declares the most powerful role first.
        var role = isAdmin
                ? Optional.of(Role.ADMIN)
                : values(claims)
                        .flatMap(value -> Optional.ofNullable(roles.get(value)).or(() -> named(value)).stream())
                        .sorted()
                        .findFirst()
                        .or(() -> otherwise);
        return role.map(each -> new Caller(email.orElse(subject), each));
    }

    /// Returns the error for a user without a role. It names the user and what would give a role.
    MissingRole missing(JWTClaimsSet claims) {
        // A claim can contain any text, and this one becomes part of a message.
        var name = email(claims).orElse(claims.getSubject()).replaceAll("[^\\x20-\\x7e]", "?");
        return new MissingRole(("%s is signed in but has no role at this gateway: its administrator can assign "
                        + "one in the token's claim \"%s\" "
                        + "(--oidc-role VALUE=ROLE), with --oidc-admin, or to everyone with "
                        + "--oidc-default-role")
                .formatted(name.substring(0, Math.min(LONGEST_NAME, name.length())), claim));
    }

    /// Returns the email address if the issuer vouches for it. An issuer that never sends `email_verified`, such
    /// as Entra ID, vouches for all addresses. If the claim is present, it must be `true`, which some providers
    /// write as a string.
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
