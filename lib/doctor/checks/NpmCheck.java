package lib.doctor.checks;

import java.nio.file.Files;
import java.util.stream.Stream;
import lib.agents.AgentBinary;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.Platform;

/// Whether npm is there to install the agent, where the agent is missing.
final class NpmCheck implements DoctorCheck {
    @Override
    public String name() {
        return "npm";
    }

    @Override
    public Result run(DoctorContext context) {
        var npm = AgentBinary.onPath(context.host(), "npm");
        if (npm.isPresent()) return Result.ok(npm.get().toString());
        var agent = context.launch().agent();
        var needed = agent.expectedVersion().isPresent()
                && agent.binary().find(context.host()).isEmpty();
        return needed
                ? Result.failed("no npm on the PATH; rpkai needs it to install agents", install(context))
                : Result.skipped("not on the PATH, and not needed");
    }

    /// Each family of Linux has a command of its own.
    private static String install(DoctorContext context) {
        if (context.platform() != Platform.LINUX) return context.platform().installNpm();
        var root = context.host().root();
        return Stream.of("dnf install -y", "zypper install -y", "pacman -S --noconfirm", "apk add")
                .filter(command -> Stream.of("usr/bin", "sbin")
                        .anyMatch(folder -> Files.exists(root.resolve(folder).resolve(command.split(" ")[0]))))
                .findFirst()
                .map(command -> "sudo %s npm".formatted(command))
                .orElse(context.platform().installNpm());
    }
}
