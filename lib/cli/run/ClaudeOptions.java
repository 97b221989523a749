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
                        "The model; for Bedrock, the id of an inference profile. Default: Claude Code's " + "own.",
                        value -> model = value,
                        "-m",
                        "--model")
                .build());
        spec.addOption(Flag.yes(
                        "Use your own Claude subscription; needed only if you may not read the " + "provider.",
                        value -> passthrough = value,
                        "--passthrough")
                .build());
        spec.addOption(Flag.yes(
                        "Use AWS Bedrock through the gateway; needed only if you may not read the " + "provider.",
                        value -> bedrock = value,
                        "--bedrock")
                .build());
        spec.addOption(Flag.text(
                        "DIR",
                        "Use this CLAUDE_CONFIG_DIR instead of your own.",
                        value -> configDir = value == null ? null : Path.of(value),
                        "--claude-config-dir")
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
        spec.addPositional(Flag.words("-- CLAUDE_ARGS", "Arguments for Claude Code, after --.", value -> args = value));
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
