package lib.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.agents.Asked;
import lib.agents.codex.CodexAgent;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What decides a launch of Codex: the flags of `run codex`, which `explain codex` takes too.
final class CodexOptions {
    @Option(names = {"-L", "--llmprovider"}, paramLabel = "PROVIDER", description = "The provider (required): openai or openai_compatible.")
    String providerName;

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", description = "The model. Default: Codex's own.")
    String model;

    @Option(names = {"-e", "--effort"}, paramLabel = "EFFORT", description = "Reasoning effort: minimal, low, medium or high.")
    String effort;

    @Option(names = "--codex-home", paramLabel = "DIR", description = "A CODEX_HOME that stays, so that sessions can be resumed; its config.toml is made anew. Default: one for this session alone.")
    String codexHome;

    @Option(names = "--no-auto-trust", description = "Leave it to Codex to ask whether this folder is trusted.")
    boolean noAutoTrust;

    @Option(names = "--embedded", description = "Use a gateway in this process in spite of a configured environment.")
    boolean embedded;

    @Option(names = "--broker", description = "Keep the gateway token in rpkai: a relay on this machine puts it on each request, always fresh, and nothing that the agent starts can read it.")
    boolean broker;

    @Parameters(paramLabel = "CODEX_ARGS", description = "Codex's own arguments, behind --.")
    List<String> args = new ArrayList<>();

    CodexAgent agent() {
        return new CodexAgent(Optional.ofNullable(effort), Optional.ofNullable(codexHome), !noAutoTrust);
    }

    Asked asked(boolean install) {
        return Asked.of(providerName, model, embedded, broker, install, args);
    }
}
