package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import lib.api.LlmProviders;
import lib.api.LlmProviders.Checked;
import lib.api.Manifest;
import lib.api.ProxyUrl;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.ManifestInput;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm check`.
@Command(
        name = "check",
        description = "Tests a provider's credential on its upstream.",
        footer = {
            "",
            "With -f, the gateway tests the providers in a manifest without creating them, "
                    + "and uses the secrets that the manifest names. The exit code is 1 if a provider "
                    + "cannot be reached or has no credential of its own.",
            "",
            "Examples:",
            "  rpkai llm check anthropic",
            "  rpkai llm check -f new.yaml"
        })
public final class LlmCheck implements Callable<Integer> {
    @Parameters(paramLabel = "PROVIDER", arity = "0..*", description = "The providers.")
    List<String> names = List.of();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "Manifests of providers to test without creating them: a file, a folder, or - "
                    + "for standard input; repeatable.")
    List<String> files = List.of();

    private final Context context;

    public LlmCheck(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        names.forEach(ProxyUrl::checked);
        if (names.isEmpty() && files.isEmpty())
            throw UserError.usage("missing required parameter: 'PROVIDER'", "name a provider, or a manifest with -f");
        var drafts = drafts();
        var settings = context.settings();
        var isText = settings.format() == OutputFormat.TABLE || settings.format() == OutputFormat.WIDE;
        var failed = false;
        var objects = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        try (var session = context.session(settings)) {
            var providers = new LlmProviders(session.connect(context.host(), context.http(), settings));
            var targets = new ArrayList<Target>();
            for (var name : names) targets.add(new Target(name, false, () -> providers.check(name)));
            for (var draft : drafts) targets.add(new Target(draft.name(), true, () -> providers.check(draft)));
            for (var target : targets) {
                var checked = check(target);
                failed |= !checked.isOk();
                objects.add(checked.json().put("name", target.name));
                rows.add(List.of(target.name, checked.isOk() ? "ok" : "failed", latency(checked), checked.message()));
                if (isText) say(target, checked);
            }
        }
        if (!isText)
            Output.list(context, settings.format(), List.of("NAME", "STATUS", "LATENCY", "MESSAGE"), rows, objects);
        return failed ? UserError.FAILED : 0;
    }

    /// A provider to check.
    ///
    /// @param isDraft whether the gateway does not store it
    private record Target(String name, boolean isDraft, Supplier<Checked> check) {}

    private List<Resource> drafts() {
        if (files.isEmpty()) return List.of();
        var drafts = new ArrayList<Resource>();
        for (var manifest : ManifestInput.read(context.host(), files)) {
            var draft = Manifest.read(ResourceKind.LLM, manifest.object(), manifest.where());
            if (!draft.kind().equals(ResourceKind.LLM))
                throw UserError.usage(
                        "%s is %s".formatted(manifest.where(), draft.kind().one()), "pass only manifests of providers");
            drafts.add(draft);
        }
        return drafts;
    }

    private Checked check(Target target) {
        try (var _ = context.progress().on("The gateway tests " + target.name)) {
            return target.check.get();
        }
    }

    /// Prints the result in its usual form: success on stdout, failure on stderr.
    private void say(Target target, Checked checked) {
        var name = target.name;
        var host = context.host();
        var style = context.style();
        if (checked.isOk()) {
            host.out()
                    .println(style.green("OK") + "  " + name
                            + (latency(checked).isEmpty() ? "" : "  (%s)".formatted(latency(checked))));
            return;
        }
        host.err()
                .println(style.red("FAIL")
                        + Output.printable("  %s  code=%s  %s".formatted(name, checked.code(), checked.message())));
        for (var detail : checked.json().path("status").path("details")) {
            if (detail.hasNonNull("reason"))
                host.err()
                        .println(Output.printable("  reason=%s domain=%s"
                                .formatted(
                                        detail.path("reason").asText(),
                                        detail.path("domain").asText())));
            detail.path("metadata")
                    .properties()
                    .forEach(entry -> host.err()
                            .println(Output.printable("  %s=%s"
                                    .formatted(entry.getKey(), entry.getValue().asText()))));
        }
        host.err().println("  " + hint(target, checked));
    }

    /// A hint for a failure. A `google.rpc.Status` has its code as a number; a refused call has a name.
    private static String hint(Target target, Checked checked) {
        var name = target.name;
        if (target.isDraft && !checked.code().equals("failed_precondition"))
            return "correct the manifest, or the secret on the gateway that it refers to";
        return switch (checked.code()) {
            case "failed_precondition" ->
                "a passthrough provider has no credential to test: test it with a real request "
                        + "(rpkai doctor -L %s)".formatted(name);
            case "4", "deadline_exceeded", "5", "not_found", "14", "unavailable" ->
                ("check its base URL with rpkai llm get %s, and check that the gateway can reach " + "it")
                        .formatted(name);
            case "8", "resource_exhausted" -> "its credential may be valid: try again later";
            default ->
                ("correct the credential with rpkai llm update %s, or the secret on the gateway " + "that it refers to")
                        .formatted(name);
        };
    }

    private static String latency(Checked checked) {
        return checked.latencyMs() < 0 ? "" : checked.latencyMs() + " ms";
    }
}
