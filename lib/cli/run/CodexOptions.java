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
                        "A CODEX_HOME that stays, so that sessions can be resumed; its config.toml is "
                                + "made anew. Default: one for this session alone.",
                        value -> codexHome = value,
                        "--codex-home")
                .build());
        spec.addOption(Flag.yes(
                        "Leave it to Codex to ask whether this folder is trusted.",
                        value -> noAutoTrust = value,
                        "--no-auto-trust")
                .build());
        spec.addOption(Flag.yes(
                        "Refuse a model that the provider is known not to allow, instead of warning.",
                        value -> strictModel = value,
                        "--strict-model")
                .build());
        spec.addOption(Flag.yes(
                        "Use a gateway in this process in spite of a configured environment.",
                        value -> embedded = value,
                        "--embedded")
                .build());
        spec.addOption(Flag.yes(
                        "Keep the gateway token in rpkai: a relay on this machine puts it on each "
                                + "request, always fresh, and nothing that the agent starts can read it.",
                        value -> broker = value,
                        "--broker")
                .build());
        spec.addOption(Flag.texts(
                        "NAME",
                        "Let the agent inherit this variable although it is withheld, such as "
                                + "OPENAI_API_KEY; repeatable.",
                        value -> passed = value,
                        "--pass-env")
                .build());
        spec.addPositional(Flag.words("-- CODEX_ARGS", "Codex's own arguments, behind --.", value -> args = value));
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
