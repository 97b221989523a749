package lib.agents.codex;

import java.util.List;
import lib.agents.Agent;
import lib.agents.AgentFlag;
import lib.agents.AgentOptions;

/// The flags that only Codex has.
///
///     rpkai run codex -L openai --effort high --codex-home work-codex
public final class CodexOptions implements AgentOptions {
    private String effort;
    private String home;
    private boolean noAutoTrust;

    @Override
    public List<AgentFlag> flags() {
        return List.of(
                new AgentFlag.Text(
                        List.of("-e", "--effort"),
                        "none|minimal|low|medium|high|xhigh",
                        "Reasoning effort.",
                        value -> effort = value),
                new AgentFlag.Text(
                        List.of("--codex-home"),
                        "DIR",
                        "A permanent CODEX_HOME, so that sessions can be resumed; each launch replaces "
                                + "its config.toml. Default: a temporary one for this session.",
                        value -> home = value),
                new AgentFlag.Switch(
                        List.of("--no-auto-trust"),
                        "Let Codex ask whether this folder is trusted.",
                        value -> noAutoTrust = value));
    }

    @Override
    public Agent agent() {
        var agent = effort == null ? CodexAgent.STANDARD : CodexAgent.STANDARD.effort(effort);
        if (home != null) agent = agent.in(home);
        return noAutoTrust ? agent.untrusting() : agent;
    }
}
