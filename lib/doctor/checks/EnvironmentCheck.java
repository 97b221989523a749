package lib.doctor.checks;

import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.InspectedGateway;

/// Which gateway the settings choose.
final class EnvironmentCheck implements DoctorCheck {
    @Override
    public String name() {
        return "environment";
    }

    @Override
    public Result run(DoctorContext context) {
        if (context.gateway() instanceof InspectedGateway.Unknown(var why))
            return Result.failed(why.getMessage(), context.launch().nextStep(why.remedy()));
        var settings = context.settings();
        if (settings.embedded()) return Result.ok("the embedded gateway, as --embedded asks");
        if (settings.wantsEmbeddedGateway()) return Result.ok("none configured: the embedded gateway is used");
        return Result.ok(
                settings.endpoint().isPresent()
                        ? "--endpoint"
                        : "%s in %s".formatted(settings.profileName().orElse(""), settings.configFile()));
    }
}
