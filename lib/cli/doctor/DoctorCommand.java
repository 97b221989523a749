package lib.cli.doctor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.api.ProxyUrl;
import lib.base.Host;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.GlobalFlags;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import lib.config.Settings;
import lib.doctor.CheckResult;
import lib.doctor.Doctor;
import lib.doctor.DoctorAgent;
import lib.doctor.InspectedGateway;
import lib.doctor.InspectedLaunch;
import lib.doctor.Machine;
import lib.doctor.Platform;
import lib.doctor.checks.Checks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai doctor`.
@Command(
        name = "doctor",
        description = "Checks everything a launch needs and suggests a fix for each problem.",
        footer = {
            "",
            "The last check sends one real request, which uses about one token. The exit "
                    + "code is 1 if a check fails.",
            "",
            "Examples:",
            "  rpkai doctor",
            "  rpkai doctor claude -L anthropic -m claude-sonnet-5-5",
            "  rpkai doctor codex -L openai -o json"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "AGENT",
            description = "The agent: any subcommand of rpkai run (default claude).")
    String agent = "claude";

    @Option(
            names = {"-L", "--llmprovider"},
            paramLabel = "PROVIDER",
            description = "The provider. Default: the suitable provider, if there is only one.")
    String provider;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "The model. Default: the agent's own.")
    String model;

    @Option(names = "--embedded", description = "Check the embedded gateway even if an environment is configured.")
    boolean embedded;

    private final Context context;

    public DoctorCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var launch = new InspectedLaunch(
                DoctorAgent.of(agent)
                        .orElseThrow(() -> UserError.usage(
                                "unknown agent \"%s\"".formatted(agent),
                                "use one of "
                                        + DoctorAgent.all().stream()
                                                .map(DoctorAgent::label)
                                                .collect(Collectors.joining(", ")))),
                Optional.ofNullable(provider).map(ProxyUrl::checked),
                Optional.ofNullable(model),
                flag("-c", context.flags().config),
                gatewayFlags());
        var checks = new ArrayList<CheckResult>();
        var format = format();
        var lines = new DoctorReport(context.host().out(), hasMarks(context.host(), context.flags()));
        var isText = format == OutputFormat.TABLE || format == OutputFormat.WIDE;
        try (var _ = context.progress().on("Examining")) {
            examine(launch, check -> {
                checks.add(check);
                context.progress().wipe();
                if (isText) lines.print(check);
            });
        }
        if (!isText) print(checks, format);
        return checks.stream().anyMatch(CheckResult::failed) ? UserError.FAILED : 0;
    }

    private void examine(InspectedLaunch launch, Consumer<CheckResult> report) {
        var machine = new Machine(context.host(), Platform.of(System.getProperty("os.name")), ZoneId.systemDefault());
        var doctor = new Doctor(Checks.IN_ORDER, launch, machine, Doctor.PATIENCE);
        try {
            var settings = context.settings(embedded);
            if (settings.wantsEmbeddedGateway()) examineEmbedded(settings, doctor, report);
            else doctor.examine(InspectedGateway.of(settings), report);
        } catch (UserError e) {
            if (e.exitCode() == UserError.USAGE) throw e;
            doctor.examine(new InspectedGateway.Unknown(e), report);
        }
    }

    private void examineEmbedded(Settings settings, Doctor doctor, Consumer<CheckResult> report) {
        // Behaves as with --embedded, since a problem that a launch would print is a check here.
        try (var session = context.session(context.settings(true))) {
            doctor.examine(
                    new InspectedGateway.Embedded(
                            settings,
                            session.url(),
                            session.providers(),
                            session.bearer().orElseThrow()),
                    report);
        }
    }

    private void print(List<CheckResult> checks, OutputFormat format) {
        var objects = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        for (var check : checks) {
            var result = check.result();
            objects.addObject()
                    .put("check", check.name())
                    .put("status", result.status())
                    .put("found", result.found())
                    .put("mend", result.remedy());
            rows.add(List.of(
                    check.name(),
                    result.status(),
                    Output.printable(result.found()),
                    Output.printable(result.remedy())));
        }
        Output.list(context, format, List.of("CHECK", "STATUS", "FOUND", "MEND"), rows, objects);
    }

    /// The output format, even if the settings can't be resolved.
    private OutputFormat format() {
        try {
            return context.settings(true).format();
        } catch (UserError e) {
            if (e.exitCode() == UserError.USAGE) throw e;
            return Optional.ofNullable(context.flags().format)
                    .or(() -> context.host().variable("RPAI_FORMAT"))
                    .flatMap(OutputFormat::of)
                    .orElse(OutputFormat.TABLE);
        }
    }

    /// The flags that chose the gateway, for the commands of the report.
    private String gatewayFlags() {
        return Stream.of(
                        flag("-p", context.flags().profile),
                        flag("-s", context.flags().endpoint),
                        embedded ? "--embedded" : "")
                .filter(flag -> !flag.isEmpty())
                .reduce((one, next) -> one + " " + next)
                .orElse("");
    }

    private static String flag(String name, String value) {
        if (value == null || value.isEmpty()) return "";
        return name + " "
                + (value.matches("[A-Za-z0-9_@%+=:,./~-]+") ? value : "'" + value.replace("'", "'\\''") + "'");
    }

    private static boolean hasMarks(Host host, GlobalFlags flags) {
        if (flags.noColor || host.variable("NO_COLOR").isPresent()) return false;
        var locale = host.variable("LC_ALL")
                .or(() -> host.variable("LC_CTYPE"))
                .or(() -> host.variable("LANG"))
                .orElse("");
        return locale.matches("(?i).*utf-?8.*") || host.variable("WT_SESSION").isPresent();
    }
}
