package lib.doctor.checks;

import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;

/// Whether a settings file of the agent gets in the way of the launch. Each agent knows its own files.
final class SettingsCheck implements DoctorCheck {
    @Override
    public String name() {
        return "settings";
    }

    @Override
    public Result run(DoctorContext context) {
        return context.launch().agent().settings(context, ProviderCheck.isUsable(context));
    }
}
