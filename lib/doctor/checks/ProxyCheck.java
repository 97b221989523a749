package lib.doctor.checks;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route.Outcome.Unreached;
import lib.http.Unreachable.Reason;

/// Whether the proxy that the variables name, if any, lets the call through.
final class ProxyCheck implements DoctorCheck {
    @Override
    public String name() {
        return "proxy";
    }

    @Override
    public Result run(DoctorContext context) {
        var route = context.route().route();
        var variable = variable(route.gateway(), context);
        if (route.outcome() instanceof Unreached(var at, var reason, var why) && at == FailurePoint.PROXY)
            return Result.failed(
                    why,
                    route.proxy()
                            .map(proxy -> step(reason, route.gateway(), proxy, context))
                            .orElseGet(() ->
                                    context.platform().export(variable.orElse("HTTPS_PROXY"), "http://HOST:PORT")));
        return Result.ok(route.proxy()
                .map(proxy -> proxy + variable.map(" (%s)"::formatted).orElse(""))
                .orElse("none"));
    }

    /// The step after a proxy refused a call.
    ///
    /// @param server the server behind the proxy
    /// @param proxy `host:port`
    static String step(Reason reason, URI server, String proxy, DoctorContext context) {
        if (reason == Reason.PROXY_SIGN_IN)
            return context.platform()
                    .export(variable(server, context).orElse("HTTPS_PROXY"), "http://NAME:PASSWORD@" + proxy);
        // The spelling that is read first, and what it holds already.
        return Stream.of("no_proxy", "NO_PROXY")
                .filter(name -> isSet(name, context.host().env()))
                .findFirst()
                .map(name -> context.platform().exportAlso(name, server.getHost()))
                .orElseGet(() -> context.platform().export("NO_PROXY", server.getHost()));
    }

    /// The variable that names the proxy for that server.
    private static Optional<String> variable(URI server, DoctorContext context) {
        var own = server.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
        return Stream.of(own, "ALL_PROXY")
                .flatMap(name -> Stream.of(name.toLowerCase(Locale.ROOT), name))
                .filter(name -> isSet(name, context.host().env()))
                .findFirst();
    }

    private static boolean isSet(String name, Map<String, String> env) {
        return !env.getOrDefault(name, "").isEmpty();
    }
}
