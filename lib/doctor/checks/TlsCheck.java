package lib.doctor.checks;

import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.network.FailurePoint;
import lib.doctor.network.Route.Outcome.Answered;
import lib.doctor.network.Route.Outcome.Unreached;
import lib.doctor.network.TrustStores;
import lib.http.Unreachable.Reason;

/// Whether the gateway's certificate is trusted, also where a company's own authority signed it.
final class TlsCheck implements DoctorCheck {
    @Override
    public String name() {
        return "tls";
    }

    @Override
    public Result run(DoctorContext context) {
        return switch (context.route().route().outcome()) {
            case Unreached unreached when unreached.at() == FailurePoint.TLS -> refused(unreached, context);
            case Unreached _ -> Result.skipped("the gateway was not reached");
            case Answered answered when answered.certificate().isEmpty() -> Result.skipped("plain HTTP");
            case Answered answered -> trusted(answered.certificate().get(), context);
        };
    }

    private static Result trusted(String certificate, DoctorContext context) {
        return TrustStores.unreadableVariable(context.host())
                .map(variable -> Result.warning(
                        "%s; %s names a file that is not readable".formatted(certificate, variable),
                        context.platform().unset(variable)))
                .orElseGet(() -> Result.ok(certificate));
    }

    private static Result refused(Unreached unreached, DoctorContext context) {
        if (unreached.reason() == Reason.CERTIFICATE_OUT_OF_DATE)
            return Result.failed(
                    "the certificate has expired or is not valid yet, according to this machine's " + "clock",
                    context.platform().setClock());
        if (unreached.reason() != Reason.UNTRUSTED_CERTIFICATE)
            return Result.failed(unreached.why(), OtherGateway.step(context));
        var findings = context.route();
        var found = findings.issuer()
                .map("the certificate is signed by \"%s\", which is not trusted"::formatted)
                .orElse("the certificate is not signed by a trusted authority");
        var unreadable = TrustStores.unreadableVariable(context.host())
                .map("; %s names a file that is not readable"::formatted)
                .orElse("");
        return Result.failed(found + unreadable, context.platform().trust(findings.bundle()));
    }
}
