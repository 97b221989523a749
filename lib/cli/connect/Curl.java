package lib.cli.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import lib.agents.ShellWord;
import lib.api.ProviderType;

/// One request by curl. Its headers with a token are read from stdin: arguments are seen by everybody on the
/// machine.
final class Curl {
    private Curl() {}

    static Snippet of(ConnectTarget target) {
        return new Snippet(
                "curl",
                "curl",
                header(target)
                        + "curl -sS %s \\\n%s  -H 'Content-Type: application/json' \\\n  -d '%s'\n"
                                .formatted(
                                        ShellWord.quote(target.proxy() + path(target)), options(target), body(target)));
    }

    private static String header(ConnectTarget target) {
        if (target.tokenCommand().isEmpty()) return "";
        var header = target.passthrough() || target.is(ProviderType.GOOGLE)
                ? "X-Redpanda-Cloud-Token: %s\\n"
                : "Authorization: Bearer %s\\n";
        // The caller's own credential beside it, by the name that its vendor's tools give it.
        return target.passthrough()
                ? "printf '%sAuthorization: Bearer %%s\\n' \"%s\" \"$%s\" |\n"
                        .formatted(
                                header,
                                target.shellToken(),
                                target.isOpenAi() ? "OPENAI_API_KEY" : "ANTHROPIC_AUTH_TOKEN")
                : "printf '%s' \"%s\" |\n".formatted(header, target.shellToken());
    }

    private static String options(ConnectTarget target) {
        var lines = new ArrayList<String>();
        if (!target.tokenCommand().isEmpty()) lines.add("-H @-");
        if (target.is(ProviderType.ANTHROPIC)) lines.add("-H 'anthropic-version: 2023-06-01'");
        return lines.stream().map(line -> "  " + line + " \\\n").reduce("", String::concat);
    }

    private static String path(ConnectTarget target) {
        var model = URLEncoder.encode(target.model(), StandardCharsets.UTF_8);
        if (target.is(ProviderType.ANTHROPIC)) return "/v1/messages";
        if (target.is(ProviderType.GOOGLE)) return "/v1beta/models/" + model + ":generateContent";
        if (target.is(ProviderType.BEDROCK)) return "/model/" + model + "/converse";
        return "/v1/chat/completions";
    }

    private static String body(ConnectTarget target) {
        var model = ConnectTarget.quoted(target.model());
        var body = target.is(ProviderType.GOOGLE)
                ? "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"Say hello\"}]}]}"
                : target.is(ProviderType.BEDROCK)
                        ? "{\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": \"Say hello\"}]}]}"
                        : target.is(ProviderType.ANTHROPIC)
                                ? ("{\"model\": %s, \"max_tokens\": 100, \"messages\": [{\"role\": \"user\","
                                                + " \"content\": \"Say hello\"}]}")
                                        .formatted(model)
                                : "{\"model\": %s, \"messages\": [{\"role\": \"user\", \"content\": \"Say hello\"}]}"
                                        .formatted(model);
        return body.replace("'", "'\\''");
    }
}
