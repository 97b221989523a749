package lib.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.UserError;
import lib.config.Settings;
import lib.gateway.Caller.Role;
import lib.gateway.Callers;
import lib.gateway.oidc.OidcCallers;
import lib.gateway.oidc.RoleRules;
import lib.http.ProxyVariables;
import picocli.CommandLine.Option;

/// Who may call `rpkai gateway`.
final class GatewayAuth {
    /// The ways to find out.
    enum Mode { none, oidc }

    @Option(names = "--auth", paramLabel = "MODE", description = "Who may call: none (everyone on this machine, nobody else; the default), or oidc (whom --oidc-issuer gave a token).")
    Mode mode;

    @Option(names = "--oidc-issuer", paramLabel = "URL", description = "Your identity provider (RPAI_ISSUER).")
    String issuer;

    @Option(names = "--oidc-audience", paramLabel = "AUDIENCE", split = ",", description = "Whom its tokens have to be for (RPAI_AUDIENCE); may be repeated.")
    List<String> audiences;

    @Option(names = "--oidc-role-claim", paramLabel = "CLAIM", defaultValue = "roles", description = "The claim that holds a caller's roles: admin, user or invoker (default ${DEFAULT-VALUE}).")
    String roleClaim;

    @Option(names = "--oidc-role", paramLabel = "VALUE=ROLE", description = "What another value of that claim stands for, such as platform-team=admin; may be repeated.")
    Map<String, String> roles = Map.of();

    @Option(names = "--oidc-admin", paramLabel = "WHO", split = ",", description = "Who is an admin whatever the claim says: an email or a subject; may be repeated.")
    List<String> admins = List.of();

    @Option(names = "--oidc-default-role", paramLabel = "ROLE", defaultValue = "user", description = "The role of those whom the claim gives none: user, invoker or none (default ${DEFAULT-VALUE}).")
    String otherwise;

    /// @throws UserError where everyone on the network could call, and where it isn't said who may
    Callers callers(GatewayAddress address, Context context) {
        var host = context.host();
        return switch (mode == null ? issuer == null ? Mode.none : Mode.oidc : mode) {
            case none -> everyoneHere(address);
            case oidc -> {
                var url = Optional.ofNullable(issuer).or(() -> host.variable("RPAI_ISSUER")).orElseThrow(() -> missing("--oidc-issuer URL"));
                var audience = Optional.ofNullable(audiences).map(Set::copyOf).or(() -> host.variable("RPAI_AUDIENCE").map(Set::of)).orElseThrow(() -> missing("--oidc-audience AUDIENCE"));
                yield OidcCallers.of(Settings.webUrl(url, "--oidc-issuer"), audience, rules(), context.http(), host.clock());
            }
        };
    }

    private RoleRules rules() {
        var values = roles.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> RoleRules.role(each.getValue())));
        if (otherwise.equals("admin")) throw UserError.usage("--oidc-default-role admin would make everybody an admin", "name them with --oidc-admin");
        return new RoleRules(roleClaim, values, Set.copyOf(admins), otherwise.equals("none") ? Optional.<Role>empty() : Optional.of(RoleRules.role(otherwise)));
    }

    private static Callers everyoneHere(GatewayAddress address) {
        if (!address.isLoopback()) throw forEveryone(address.listen);
        address.publicUrl().filter(url -> !ProxyVariables.isLoopback(url.getHost())).ifPresent(url -> {
            throw forEveryone(url.toString());
        });
        return Callers.ANYONE;
    }

    private static UserError forEveryone(String reached) {
        return UserError.usage("--auth none would serve everyone who can reach " + reached, "listen on 127.0.0.1, or say who may call with --auth oidc");
    }

    private static UserError missing(String what) {
        return UserError.usage("--auth oidc needs " + what, "rpkai gateway --help shows an example");
    }
}
