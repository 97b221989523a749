package lib.doctor.checks;

import java.nio.file.Path;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorAgent;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;

/// Whether the agent is installed and new enough.
final class AgentCheck implements DoctorCheck {
    @Override
    public String name() {
        return "agent";
    }

    @Override
    public Result run(DoctorContext context) {
        var agent = context.launch().agent();
        if (agent.expectedVersion().isEmpty())
            return Result.skipped("any program; rpkai run %s shows whether it exists".formatted(agent.label()));
        var installed = context.installedAgent();
        if (installed.isEmpty())
            return Result.failed(
                    "it does not start within %d s".formatted(context.patience().toSeconds()), install(agent));
        var program = installed.get().program();
        if (program.isEmpty())
            return Result.failed("no %s on the PATH".formatted(agent.binary().name()), install(agent));
        var version = installed.get().version();
        if (version.isEmpty())
            return Result.failed(
                    "%s does not start or does not print its version".formatted(program.get()),
                    update(agent, program.get()));
        var found = "%s %s, %s".formatted(agent.binary().title(), version.get(), program.get());
        var expected = agent.expectedVersion().get();
        if (version.get().compareTo(expected) >= 0) return Result.ok(found);
        return agent.refusesOlder()
                ? Result.failed(
                        "%s is too old: %s or later is required".formatted(found, expected),
                        update(agent, program.get()))
                : Result.warning(
                        "%s is older than %s, the first tested version".formatted(found, expected),
                        update(agent, program.get()));
    }

    private static String install(DoctorAgent agent) {
        return "npm install -g %s@latest".formatted(agent.binary().npmPackage());
    }

    private static String update(DoctorAgent agent, Path program) {
        return agent.agent().oldest().map(minimum -> minimum.update(program)).orElseGet(() -> install(agent));
    }
}
