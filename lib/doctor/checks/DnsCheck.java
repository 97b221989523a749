package lib.doctor.checks;

import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route.Outcome.Unreached;

/// Whether the name of the gateway's host has an address.
final class DnsCheck implements DoctorCheck {
    @Override
    public String name() {
        return "dns";
    }

    @Override
    public Result run(DoctorContext context) {
        var route = context.route().route();
        if (route.outcome() instanceof Unreached(var at, var _, var why) && at == FailurePoint.DNS)
            return Result.failed(why, OtherGateway.step(context));
        if (route.proxy().isPresent()) return Result.skipped("the proxy looks it up");
        if (route.addresses().isEmpty()) return Result.skipped("the gateway was not reached");
        var host = route.gateway().getHost();
        var first = route.addresses().getFirst();
        if (host.equals(first)) return Result.ok(host);
        var more = route.addresses().size() - 1;
        return Result.ok("%s is %s%s".formatted(host, first, more > 0 ? " and %d more".formatted(more) : ""));
    }
}
