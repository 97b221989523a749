package lib.cli.connect;

import static lib.cli.connect.ConnectTarget.quoted;

import java.util.ArrayList;
import java.util.List;
import lib.api.type.ProviderApi;
import lib.auth.RefreshWindow;
import lib.base.ShellWord;

/// Snippets for agents that are started without `rpkai run`. Unlike a launch, they don't prevent an agent from
/// bypassing the gateway.
final class ClaudeSnippet {
    private static final String INTERVAL = String.valueOf(RefreshWindow.AGENT_INTERVAL.toMillis());
    private static final String WINDOW = RefreshWindow.PASTED.toMinutes() + "m";

    private ClaudeSnippet() {}

    static Snippet claude(ConnectTarget target) {
        if (target.passthrough()) {
            return new Snippet("claude", "Claude Code without rpkai, with your own login", """
                    export ANTHROPIC_BASE_URL=%s
                    export ANTHROPIC_CUSTOM_HEADERS="X-Redpanda-Cloud-Token: %s"
                    claude
                    """.formatted(
                            ShellWord.quote(target.proxy().toString()), target.shellToken()));
        }
        var bedrock = target.spec().api() == ProviderApi.BEDROCK;
        var env = new ArrayList<String>();
        env.add("%s: %s"
                .formatted(
                        quoted(bedrock ? "ANTHROPIC_BEDROCK_BASE_URL" : "ANTHROPIC_BASE_URL"),
                        quoted(target.proxy().toString())));
        if (bedrock)
            env.addAll(List.of("\"CLAUDE_CODE_USE_BEDROCK\": \"1\"", "\"CLAUDE_CODE_SKIP_BEDROCK_AUTH\": \"1\""));
        env.add("\"CLAUDE_CODE_API_KEY_HELPER_TTL_MS\": " + quoted(INTERVAL));
        var helper =
                target.tokenCommand().isEmpty() ? "echo none" : target.shellCommand() + " --refresh-within " + WINDOW;
        return new Snippet("claude", "Claude Code without rpkai: a file for claude --settings FILE", """
                {
                  "apiKeyHelper": %s,
                  "env": {
                    %s
                  }
                }
                """.formatted(
                        quoted(helper), String.join(",\n    ", env)));
    }

    static Snippet codex(ConnectTarget target) {
        var command = target.tokenCommand().isEmpty() ? List.of("echo", "none") : target.tokenCommand();
        var args = new ArrayList<>(command);
        if (!target.tokenCommand().isEmpty()) args.addAll(List.of("--refresh-within", WINDOW));
        // Codex requires an absolute path, and env has the same one on all systems.
        var auth = target.passthrough()
                ? ("env_key = \"OPENAI_API_KEY\"\nenv_http_headers = { \"X-Redpanda-Cloud-Token\" = "
                                + "\"RPKAI_GATEWAY_TOKEN\" }\n\n# start it as: RPKAI_GATEWAY_TOKEN=\"%s\" codex\n")
                        .formatted(target.shellToken())
                : "\n[model_providers.rpkai.auth]\ncommand = \"/usr/bin/env\"\nargs = %s\nrefresh_interval_ms = %s\n"
                        .formatted(target.list(args), INTERVAL);
        return new Snippet("codex", "Codex without rpkai (0.118.0 or newer): its config.toml", """
                model = %s
                model_provider = "rpkai"

                [model_providers.rpkai]
                name = "AI Gateway"
                base_url = %s
                wire_api = "responses"
                %s""".formatted(
                        quoted(target.model()), quoted(target.proxy() + "/v1"), auth));
    }
}
