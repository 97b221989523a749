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

/// The values for the snippets. There is no token among them: clients run a command to get one.
///
/// @param proxy the provider's proxy URL
/// @param type the type of provider, and so its API
/// @param passthrough whether the caller's own credential is sent upstream
/// @param region Bedrock's region
/// @param model the model to use
/// @param tokenCommand the command that prints the gateway token, such as `rpkai auth token`; empty for a
///     gateway without sign-in
record ConnectTarget(
        URI proxy, ProviderType type, boolean passthrough, String region, String model, List<String> tokenCommand) {
    /// A placeholder in a sample of [ProviderSpec].
    static final Pattern PLACEHOLDER = Pattern.compile("\\{(token|url|auth|region|model)}");

    private static final Pattern CURSOR = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029]");

    /// `$(rpkai auth token)`
    String shellToken() {
        return tokenCommand.isEmpty() ? "none" : "$(" + shellCommand() + ")";
    }

    String shellCommand() {
        return ShellWord.join(tokenCommand);
    }

    /// A list of texts, in a syntax common to JSON, TOML, Python and JavaScript.
    String list(List<String> words) {
        return words.stream().map(ConnectTarget::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /// A text in quotes, in a syntax common to all of them. Control characters are escaped, so that a gateway's
    /// text can't move the cursor.
    static String quoted(String text) {
        return CURSOR.matcher(TextNode.valueOf(text).toString())
                .replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)));
    }

    /// A text as a literal replacement for a regular expression's match.
    static String literal(String text) {
        return Matcher.quoteReplacement(text);
    }

    /// The specification of the type. Snippets are made for known types only.
    ProviderSpec spec() {
        return type.spec().orElseThrow();
    }
}
