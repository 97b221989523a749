package lib.launch;

import java.nio.file.Path;
import lib.agents.LaunchPlan;
import lib.base.Host;
import lib.config.Settings;

/// Writes a debug log of a launch: the values that it sets, the values that it displaces, and how it starts the
/// agent. Only values that can't be secrets are printed.
final class PlanTrace {
    private PlanTrace() {}

    static void log(LaunchPlan plan, Path program, boolean stays, Host host) {
        var trace = host.trace();
        plan.env()
                .forEach((name, value) ->
                        trace.log(() -> "plan: sets %s%s%s".formatted(name, shown(value), displaced(name, host))));
        plan.secrets()
                .keySet()
                .forEach(name -> trace.log(() -> "plan: sets %s, a secret%s".formatted(name, displaced(name, host))));
        plan.unset().stream()
                .filter(name -> host.variable(name).isPresent())
                .forEach(name -> trace.log(() -> "plan: removes %s, which is set in the environment".formatted(name)));
        plan.files().keySet().forEach(file -> trace.log(() -> "plan: writes %s".formatted(file)));
        plan.links()
                .targets()
                .forEach((link, target) -> trace.log(() -> "plan: links %s to %s".formatted(link, target)));
        plan.settings()
                .fieldNames()
                .forEachRemaining(name -> trace.log(() -> "plan: the settings overlay has %s".formatted(name)));
        trace.log(() -> "plan: %s with %d arguments, %s"
                .formatted(program, plan.argv().size() - 1, stays ? "while rpkai waits" : "replacing rpkai"));
    }

    private static String displaced(String name, Host host) {
        return host.variable(name).isPresent() ? ", replacing the environment's" : "";
    }

    private static String shown(String value) {
        if (value.matches("https?://\\S+")) return "=" + Settings.shown(value);
        return value.matches("[01]|true|false|") ? "=" + value : "";
    }
}
