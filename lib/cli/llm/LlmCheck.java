package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.UserError;
import lib.cli.Context;
import lib.cli.Output;
import lib.cli.Style;
import lib.config.OutputFormat;
import lib.providers.LlmProviders;
import lib.providers.LlmProviders.Checked;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `rpkai llm check`.
@Command(name = "check", description = "Lets the gateway try a provider's credential on its upstream.",
        footer = {"", "Exit code 1 when a provider can't be reached, or has no credential of its own to try.", "", "Example:", "  rpkai llm check anthropic"})
public final class LlmCheck implements Callable<Integer> {
    @Parameters(paramLabel = "PROVIDER", arity = "1..*", description = "The providers.")
    List<String> names;

    private final Context context;

    public LlmCheck(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        names.forEach(ProxyUrl::checked);
        var settings = context.settings();
        var isText = settings.format() == OutputFormat.TABLE || settings.format() == OutputFormat.WIDE;
        var failed = false;
        var objects = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        try (var session = context.session(settings)) {
            var providers = new LlmProviders(session.connect(context.host(), context.http(), settings));
            for (var name : names) {
                var checked = check(providers, name);
                failed |= !checked.isOk();
                objects.add(checked.json().put("name", name));
                rows.add(List.of(name, checked.isOk() ? "ok" : "failed", latency(checked), checked.message()));
                if (isText) say(name, checked);
            }
        }
        if (!isText) Output.list(context, settings.format(), List.of("NAME", "STATUS", "LATENCY", "MESSAGE"), rows, objects);
        return failed ? UserError.FAILED : 0;
    }

    private Checked check(LlmProviders providers, String name) {
        try (var _ = context.progress().on("The gateway tries " + name)) {
            return providers.check(name);
        }
    }

    /// The lines that users know: what is well on stdout, what is not on stderr.
    private void say(String name, Checked checked) {
        var host = context.host();
        var style = Style.of(context);
        if (checked.isOk()) {
            host.out().println(style.green("OK") + "  " + name + (latency(checked).isEmpty() ? "" : "  (%s)".formatted(latency(checked))));
            return;
        }
        host.err().println(style.red("FAIL") + Output.printable("  %s  code=%s  %s".formatted(name, checked.code(), checked.message())));
        for (var detail : checked.json().path("status").path("details")) {
            if (detail.hasNonNull("reason")) host.err().println(Output.printable("  reason=%s domain=%s".formatted(detail.path("reason").asText(), detail.path("domain").asText())));
            detail.path("metadata").properties().forEach(entry -> host.err().println(Output.printable("  %s=%s".formatted(entry.getKey(), entry.getValue().asText()))));
        }
        host.err().println("  " + hint(name, checked));
    }

    /// A `google.rpc.Status` has its code as a number; a refused call has a name.
    private static String hint(String name, Checked checked) {
        return switch (checked.code()) {
            case "failed_precondition" -> "a passthrough provider has no credential to try: the first real request tells (rpkai doctor -L %s)".formatted(name);
            case "4", "deadline_exceeded", "5", "not_found", "14", "unavailable" -> "check its base URL with rpkai llm get %s, and that the gateway reaches it".formatted(name);
            case "8", "resource_exhausted" -> "its credential may well be good: try again later";
            default -> "mend the credential with rpkai llm update %s, or the secret that it names on the gateway".formatted(name);
        };
    }

    private static String latency(Checked checked) {
        return checked.latencyMs() < 0 ? "" : checked.latencyMs() + " ms";
    }
}
