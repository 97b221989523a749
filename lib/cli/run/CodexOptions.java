package lib.cli.run;

import java.util.List;
import java.util.Optional;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import lib.agents.codex.CodexAgent;
import lib.cli.base.Flag;
import lib.cli.base.LaunchOptions;
import picocli.CommandLine.Model.CommandSpec;

/// What decides a launch of Codex: the flags of `run codex`, which `explain codex` takes too.
public final class CodexOptions {
    public String providerName;
    String model;
    String effort;
    public String codexHome;
    boolean noAutoTrust;
    boolean strictModel;
    public boolean embedded;
    boolean broker;
    List<String> passed = List.of();
    List<String> args = List.of();

    /// Gives a command these flags.
    public CommandSpec addTo(CommandSpec spec) {
        spec.addOption(Flag.text(
                        "PROVIDER",
                        "The provider (required): openai or openai_compatible.",
                        value -> providerName = value,
                        "-L",
                        "--llmprovider")
                .build());
        spec.addOption(Flag.text("MODEL", "The model. Default: Codex's own.", value -> model = value, "-m", "--model")
                .build());
        spec.addOption(Flag.text(
                        "none|minimal|low|medium|high|xhigh",
                        "Reasoning effort.",
                        value -> effort = value,
                        "-e",
                        "--effort")
                .build());
        spec.addOption(Flag.text(
                        "DIR",
                        "A permanent CODEX_HOME, so that sessions can be resumed; each launch replaces "
                                + "its config.toml. Default: a temporary one for this session.",
                        value -> codexHome = value,
                        "--codex-home")
                .build());
        spec.addOption(Flag.yes(
                        "Let Codex ask whether this folder is trusted.",
                        value -> noAutoTrust = value,
                        "--no-auto-trust")
                .build());
        spec.addOption(Flag.yes(
                        "Refuse a model that the provider does not allow, instead of warning.",
                        value -> strictModel = value,
                        "--strict-model")
                .build());
        spec.addOption(Flag.yes(
                        "Use the embedded gateway even if an environment is configured.",
                        value -> embedded = value,
                        "--embedded")
                .build());
        spec.addOption(Flag.yes(
                        "Keep the gateway token in rpkai. A local relay adds a fresh token to every "
                                + "request; programs that the agent starts cannot read it.",
                        value -> broker = value,
                        "--broker")
                .build());
        spec.addOption(Flag.texts(
                        "NAME",
                        "Pass a withheld variable, such as OPENAI_API_KEY, on to the agent; repeatable.",
                        value -> passed = value,
                        "--pass-env")
                .build());
        spec.addPositional(Flag.words("-- CODEX_ARGS", "Arguments for Codex, after --.", value -> args = value));
        return spec;
    }

    public CodexAgent agent() {
        return new CodexAgent(Optional.ofNullable(effort), Optional.ofNullable(codexHome), !noAutoTrust);
    }

    public LaunchRequest request(boolean install) {
        return LaunchOptions.request(
                providerName,
                model,
                new LaunchOption[] {
                    embedded ? LaunchOption.EMBEDDED_GATEWAY : null,
                    broker ? LaunchOption.BROKER : null,
                    install ? LaunchOption.INSTALL_AGENT : null,
                    strictModel ? LaunchOption.STRICT_MODEL : null
                },
                passed,
                args);
    }
}
