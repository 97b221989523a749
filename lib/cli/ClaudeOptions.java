package lib.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.agents.Asked;
import lib.agents.claude.ClaudeAgent;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What decides a launch of Claude Code: the flags of `run claude`, which `explain claude` takes too.
final class ClaudeOptions {
    @Option(names = {"-L", "--llmprovider"}, paramLabel = "PROVIDER", description = "The provider (required): anthropic or bedrock.")
    String providerName;

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", description = "The model; for Bedrock an inference-profile id. Default: Claude Code's own.")
    String model;

    @Option(names = "--passthrough", description = "Your own Claude subscription goes through, where the provider can't be read.")
    boolean passthrough;

    @Option(names = "--bedrock", description = "The gateway signs for AWS Bedrock, where the provider can't be read.")
    boolean bedrock;

    @Option(names = "--claude-config-dir", paramLabel = "DIR", description = "This CLAUDE_CONFIG_DIR instead of the real one.")
    Path configDir;

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Option(names = "--broker", description = "Keep the gateway token in rpkai: a relay on this machine puts it on each request, always fresh, and nothing that the agent starts can read it.")
    boolean broker;

    @Parameters(paramLabel = "CLAUDE_ARGS", description = "Claude Code's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    ClaudeAgent agent() {
        return new ClaudeAgent(passthrough, bedrock, Optional.ofNullable(configDir));
    }

    Asked asked(boolean install) {
        return Asked.of(providerName, model, embedded, broker, install, args);
    }
}
