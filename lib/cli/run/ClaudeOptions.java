package lib.cli.run;

import java.nio.file.Path;
import java.util.List;
import lib.agents.LaunchOption;
import lib.agents.LaunchRequest;
import lib.agents.claude.ClaudeAgent;
import lib.cli.base.Flag;
import lib.cli.base.LaunchOptions;
import picocli.CommandLine.Model.CommandSpec;

/// What decides a launch of Claude Code: the flags of `run claude`, which `explain claude` takes too.
public final class ClaudeOptions {
    public String providerName;
    String model;
    boolean passthrough;
    boolean bedrock;
    Path configDir;
    boolean strictModel;
    public boolean embedded;
    boolean broker;
    List<String> passed = List.of();
    List<String> args = List.of();

    /// Gives a command these flags.
    public CommandSpec addTo(CommandSpec spec) {
        spec.addOption(Flag.text(
                        "PROVIDER",
                        "The provider (required): anthropic or bedrock.",
                        value -> providerName = value,
                        "-L",
                        "--llmprovider")
                .build());
        spec.addOption(Flag.text(
                        "MODEL",
                        "The model; for Bedrock an inference-profile id. Default: Claude Code's own.",
                        value -> model = value,
                        "-m",
                        "--model")
                .build());
        spec.addOption(Flag.yes(
                        "Your own Claude subscription goes through, where the provider can't be read.",
                        value -> passthrough = value,
                        "--passthrough")
                .build());
        spec.addOption(Flag.yes(
                        "The gateway signs for AWS Bedrock, where the provider can't be read.",
                        value -> bedrock = value,
                        "--bedrock")
                .build());
        spec.addOption(Flag.text(
                        "DIR",
                        "This CLAUDE_CONFIG_DIR instead of the real one.",
                        value -> configDir = value == null ? null : Path.of(value),
                        "--claude-config-dir")
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
        spec.addPositional(
                Flag.words("-- CLAUDE_ARGS", "Claude Code's own arguments, behind --.", value -> args = value));
        return spec;
    }

    public ClaudeAgent agent() {
        var agent = configDir == null ? ClaudeAgent.STANDARD : ClaudeAgent.STANDARD.in(configDir);
        if (passthrough) agent = agent.passthrough();
        return bedrock ? agent.bedrock() : agent;
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
