package lib.cli.gateway;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.base.Host;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.Settings;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller.Role;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.issuer.Issuer;
import lib.gateway.oidc.OidcAuthenticator;
import lib.gateway.oidc.ProtectedResourceMetadata;
import lib.gateway.oidc.RoleRules;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.GatewayState;
import lib.gateway.ui.UsagePage;
import lib.http.ProxyVariables;
import picocli.CommandLine.Option;

/// The flags that say who may call `rpkai gateway`.
final class GatewayAuth {
    /// The ways to authenticate callers.
    enum Mode {
        none,
        oidc,
        builtin
    }

    @Option(
            names = "--auth",
            paramLabel = "none|oidc|builtin",
            description = "The callers to accept: none (every program on this machine; the default), oidc "
                    + "(callers with a token of --oidc-issuer), or builtin (users and clients added "
                    + "with rpkai gateway user add and client add).")
    Mode mode;

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description = "The issuer URL of your identity provider (RPAI_ISSUER).")
    String issuer;

    @Option(
            names = "--oidc-audience",
            paramLabel = "AUDIENCE",
            split = ",",
            description = "The audience that tokens must have (RPAI_AUDIENCE); may be repeated.")
    List<String> audiences;

    @Option(
            names = "--oidc-client-id",
            paramLabel = "ID",
            description = "The client id with which rpkai auth login signs in.")
    String clientId;

    @Option(
            names = "--oidc-role-claim",
            paramLabel = "CLAIM",
            defaultValue = "roles",
            description = "The claim that holds a caller's roles: admin, user or invoker (default ${DEFAULT-VALUE}).")
    String roleClaim;

    @Option(
            names = "--oidc-role",
            paramLabel = "VALUE=ROLE",
            description =
                    "Maps another value of that claim to a role, such as platform-team=admin; may " + "be repeated.")
    Map<String, String> roles = Map.of();

    @Option(
            names = "--oidc-admin",
            paramLabel = "WHO",
            split = ",",
            description = "Makes this subject or email address an admin regardless of the claim; an email "
                    + "address that the provider marks as unverified does not count; may be repeated.")
    List<String> admins = List.of();

    @Option(
            names = "--oidc-default-role",
            paramLabel = "user|invoker|none",
            defaultValue = "user",
            description = "The role of callers without a role in the claim (default ${DEFAULT-VALUE}).")
    String otherwise;

    /// The gateway's authentication: the check of callers, and the pages where they sign in.
    record Door(Authenticator callers, PublicEndpoint front) {
        /// The instructions on the Cost & Usage page for users who have sent nothing yet.
        List<String> firstSteps() {
            var setUp = callers.withoutToken().isPresent()
                    ? "rpkai env add local --ai-gateway-url %s --auth-mode none"
                    : "rpkai auth login %s";
            return List.of(setUp.formatted(UsagePage.HERE), "rpkai run claude", "rpkai run codex");
        }
    }

    /// @throws UserError if everyone on the network could call, or if the flags don't say who may
    Door door(GatewayAddress address, GatewayState state, Context context) {
        var host = context.host();
        if (mode() == Mode.none) refuseOthers(address);
        var front = address.front(host);
        return switch (mode()) {
            case none -> new Door(Authenticator.ANYONE, front);
            case oidc -> {
                var url = Settings.webUrl(
                        Optional.ofNullable(issuer)
                                .or(() -> host.variable("RPAI_ISSUER"))
                                .orElseThrow(() -> missing("--oidc-issuer URL")),
                        "--oidc-issuer");
                var audience = Optional.ofNullable(audiences)
                        .or(() -> host.variable("RPAI_AUDIENCE").map(List::of))
                        .orElseThrow(() -> missing("--oidc-audience AUDIENCE"));
                yield new Door(
                        OidcAuthenticator.of(url, Set.copyOf(audience), rules(), context.http(), host.clock()),
                        front.showing(new ProtectedResourceMetadata(
                                front, Optional.of(url), audience.getFirst(), Optional.ofNullable(clientId))));
            }
            case builtin -> {
                if (!address.isLoopback() && front.publicUrl().isEmpty())
                    throw UserError.usage(
                            "--auth builtin requires the URL under which it issues tokens",
                            "pass --public-url https://…");
                front.publicUrl().filter(GatewayAddress::isInClear).ifPresent(url -> {
                    throw UserError.usage(
                            "--auth builtin does not issue tokens over " + url,
                            "pass --public-url https://…, with --tls-cert or a TLS proxy in front");
                });
                var own = new Issuer(state, front);
                yield new Door(own.callers(), front.showing(own));
            }
        };
    }

    /// The commands that users type to use that gateway.
    List<String> hint(URI url, GatewayState state) {
        return switch (mode()) {
            case none ->
                List.of("to use it, run rpkai env add local --ai-gateway-url %s --auth-mode none".formatted(url));
            case oidc -> List.of("to sign in, run rpkai auth login " + url);
            case builtin ->
                state.accounts().list(Kind.USER).isEmpty()
                        ? List.of(
                                "no user exists yet: run rpkai gateway user add you@example.com --role admin",
                                "then sign in: rpkai auth login " + url)
                        : List.of("to sign in, run rpkai auth login " + url);
        };
    }

    /// Warns if gateways on a shared state would refuse each other's tokens, which name the URL that issued them.
    void checkShared(GatewayAddress address, GatewayState state, Host host) {
        if (mode() != Mode.builtin) return;
        var url = address.publicUrl();
        if (url.isEmpty()) {
            host.warn("without --public-url, the tokens of this gateway are valid on this machine only: to share the "
                    + "state with other gateways, start all of them with the load balancer's --public-url");
            return;
        }
        var before = state.recordPublicUrl(url.get());
        if (before.isEmpty() || before.equals(url)) return;
        host.warn(("--public-url was %s when a gateway on this state was last started, and is %s now: gateways accept "
                        + "each other's tokens only if it is the same for all of them")
                .formatted(before.get(), url.get()));
    }

    private Mode mode() {
        return mode != null ? mode : issuer == null ? Mode.none : Mode.oidc;
    }

    private RoleRules rules() {
        var values = roles.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> RoleRules.role(each.getValue())));
        if (otherwise.equals("admin"))
            throw UserError.usage(
                    "--oidc-default-role admin would make every user an admin", "name the admins with --oidc-admin");
        return new RoleRules(
                roleClaim,
                values,
                Set.copyOf(admins),
                otherwise.equals("none") ? Optional.<Role>empty() : Optional.of(RoleRules.role(otherwise)));
    }

    private static void refuseOthers(GatewayAddress address) {
        if (!address.isLoopback()) throw forEveryone(address.listen);
        address.publicUrl()
                .filter(url -> !ProxyVariables.isLoopback(url.getHost()))
                .ifPresent(url -> {
                    throw forEveryone(url.toString());
                });
    }

    private static UserError forEveryone(String reached) {
        return UserError.usage(
                "--auth none would accept calls from everyone who can reach " + reached,
                "listen on 127.0.0.1, or require a sign-in with --auth oidc");
    }

    private static UserError missing(String what) {
        return UserError.usage("--auth oidc requires " + what, "rpkai gateway --help shows an example");
    }
}
