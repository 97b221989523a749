package lib.cli.connect;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.api.ProviderType;
import lib.api.type.ProviderSpec;
import lib.base.ShellWord;

/// What the snippets are filled in with. There is no token: the clients ask for one by a command.
///
/// @param proxy the provider's proxy URL
/// @param type whose API it speaks
/// @param passthrough whether the caller's own credential goes upstream
/// @param region Bedrock's region
/// @param model which model to ask
/// @param tokenCommand what prints the gateway token, such as `rpkai auth token`; empty where the gateway asks
///     nobody
record ConnectTarget(
        URI proxy, ProviderType type, boolean passthrough, String region, String model, List<String> tokenCommand) {
    /// A gap in a sample of [ProviderSpec].
    static final Pattern PLACEHOLDER = Pattern.compile("\\{(token|url|auth|region|model)}");

    private static final Pattern CURSOR = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029]");

    /// `$(rpkai auth token)`
    String shellToken() {
        return tokenCommand.isEmpty() ? "none" : "$(" + shellCommand() + ")";
    }

    String shellCommand() {
        return ShellWord.join(tokenCommand);
    }

    /// A list of texts, as JSON, TOML, Python and JavaScript write it.
    String list(List<String> words) {
        return words.stream().map(ConnectTarget::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /// A text, as all of them write it; what a gateway says may not move the cursor.
    static String quoted(String text) {
        return CURSOR.matcher(TextNode.valueOf(text).toString())
                .replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)));
    }

    /// A text as the replacement of a match.
    static String literal(String text) {
        return Matcher.quoteReplacement(text);
    }

    /// What is known of the type; only targets of known types become snippets.
    ProviderSpec spec() {
        return type.spec().orElseThrow();
    }
}
