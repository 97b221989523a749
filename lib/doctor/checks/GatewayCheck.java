package lib.doctor.checks;

import java.util.Locale;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.InspectedGateway;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route.Outcome.Answered;
import lib.doctor.network.Route.Outcome.Unreached;
import lib.http.ProxyVariables;
import lib.http.Unreachable.Reason;

/// Whether a gateway answers at the URL of the settings.
final class GatewayCheck implements DoctorCheck {
    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public Result run(DoctorContext context) {
        if (context.gateway() instanceof InspectedGateway.WithoutUrl(var _, var why))
            return Result.failed(why.getMessage(), context.launch().nextStep(why.remedy()));
        return switch (context.route().route().outcome()) {
            case Unreached unreached
            when unreached.at() == FailurePoint.SERVER ->
                Result.failed(unreached.why(), silentStep(unreached.reason(), context));
            case Unreached unreached ->
                Result.skipped(
                        "not reached (%s)".formatted(unreached.at().name().toLowerCase(Locale.ROOT)));
            case Answered answered -> answered(answered, context);
        };
    }

    private static Result answered(Answered answered, DoctorContext context) {
        var url = context.gatewayUrl();
        if (answered.status() >= 500)
            return Result.failed(
                    "%s answers HTTP %d, like a gateway that is down or restarting".formatted(url, answered.status()),
                    laterOrMoved(context));
        if (!answered.isGateway())
            return Result.failed(
                    "%s is not an AI Gateway (HTTP %d%s)"
                            .formatted(
                                    url,
                                    answered.status(),
                                    answered.contentType().isEmpty() ? "" : ", " + answered.contentType()),
                    OtherGateway.step(context));
        return Result.ok(
                "%s answers in %d ms".formatted(url, answered.timing().took().toMillis()));
    }

    /// No connection means that the address is wrong or that the gateway is not running. No answer, or a broken one,
    /// passes with time.
    private static String silentStep(Reason reason, DoctorContext context) {
        if (reason != Reason.CONNECTION_REFUSED && reason != Reason.NO_CONNECTION) return laterOrMoved(context);
        return ProxyVariables.isLoopback(context.gatewayUrl().getHost())
                ? context.launch().localCommand("gateway")
                : OtherGateway.step(context);
    }

    private static String laterOrMoved(DoctorContext context) {
        return OtherGateway.movedStep(context).orElseGet(() -> context.launch().doctorLater(60));
    }
}
