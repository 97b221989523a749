package lib.agents.claude;

import java.nio.file.Path;
import java.util.List;
import lib.agents.Agent;
import lib.agents.AgentFlag;
import lib.agents.AgentOptions;

/// The flags that only Claude Code has.
///
///     rpkai run claude -L own --passthrough --claude-config-dir work
public final class ClaudeOptions implements AgentOptions {
    private boolean passthrough;
    private boolean bedrock;
    private String configDir;

    @Override
    public List<AgentFlag> flags() {
        return List.of(
                new AgentFlag.Switch(
                        List.of("--passthrough"),
                        "Use your own Claude subscription; needed only if you may not read the provider.",
                        value -> passthrough = value),
                new AgentFlag.Switch(
                        List.of("--bedrock"),
                        "Use AWS Bedrock through the gateway; needed only if you may not read the provider.",
                        value -> bedrock = value),
                new AgentFlag.Text(
                        List.of("--claude-config-dir"),
                        "DIR",
                        "Use this CLAUDE_CONFIG_DIR instead of your own.",
                        value -> configDir = value));
    }

    @Override
    public Agent agent() {
        var agent = configDir == null ? ClaudeAgent.STANDARD : ClaudeAgent.STANDARD.in(Path.of(configDir));
        if (passthrough) agent = agent.passthrough();
        return bedrock ? agent.bedrock() : agent;
    }
}
