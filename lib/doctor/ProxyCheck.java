package lib.doctor;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route;
import lib.doctor.network.Route.Arrival.Stuck;
import lib.http.Unreachable.Reason;

/// Whether the proxy that the variables name, if any, lets one through.
final class ProxyCheck {
    static final String NAME = "proxy";

    private ProxyCheck() {}

    /// @param env the variables that name it
    static CheckResult of(Route route, Map<String, String> env, Platform platform) {
        var server = route.gateway().getHost();
        if (route.arrival() instanceof Stuck(var at, var reason, var why) && at == FailurePoint.PROXY) {
            if (route.proxy().isEmpty())
                return CheckResult.failed(
                        NAME,
                        why,
                        platform.export(
                                variable(route.gateway().getScheme(), env).orElse("HTTPS_PROXY"), "http://HOST:PORT"));
            return CheckResult.failed(
                    NAME,
                    why,
                    mend(
                            reason,
                            route.gateway().getScheme(),
                            server,
                            route.proxy().get(),
                            env,
                            platform));
        }
        return CheckResult.ok(
                NAME,
                route.proxy()
                        .map(proxy -> proxy
                                + variable(route.gateway().getScheme(), env)
                                        .map(" (%s)"::formatted)
                                        .orElse(""))
                        .orElse("none"));
    }

    /// What gets one past a proxy that refuses.
    ///
    /// @param reason why the call failed
    /// @param scheme of the server behind it
    /// @param server the host name of the server behind it
    /// @param proxy `host:port`
    static String mend(
            Reason reason, String scheme, String server, String proxy, Map<String, String> env, Platform platform) {
        if (reason == Reason.PROXY_SIGN_IN)
            return platform.export(variable(scheme, env).orElse("HTTPS_PROXY"), "http://NAME:PASSWORD@" + proxy);
        // The spelling that is read first, and what it holds already.
        var exceptions = Stream.of("no_proxy", "NO_PROXY")
                .filter(name -> isSet(name, env))
                .findFirst();
        return exceptions
                .map(name -> platform.exportAlso(name, server))
                .orElseGet(() -> platform.export("NO_PROXY", server));
    }

    /// The variable that names the proxy for such URLs.
    private static Optional<String> variable(String scheme, Map<String, String> env) {
        var own = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
        return Stream.of(own, "ALL_PROXY")
                .flatMap(name -> Stream.of(name.toLowerCase(Locale.ROOT), name))
                .filter(name -> isSet(name, env))
                .findFirst();
    }

    private static boolean isSet(String name, Map<String, String> env) {
        return !env.getOrDefault(name, "").isEmpty();
    }
}
