package lib.agents.claude;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The variables that could lead Claude Code past the gateway, as found in its binary. They are removed from
/// the environment that the agent inherits. Since every settings file can set them again, the overlay also
/// turns them off.
///
///     ClaudeVariables.scrubbed(System.getenv().keySet()).contains("ANTHROPIC_API_KEY")   // true
final class ClaudeVariables {
    private ClaudeVariables() {}

    /// The one variable that can't be undone: in any settings file it sends every request, token included, to
    /// that socket.
    static final String UNIX_SOCKET = "ANTHROPIC_UNIX_SOCKET";

    /// Variables that turn on another transport.
    static final List<String> TRANSPORTS = List.of(
            "CLAUDE_CODE_USE_ANTHROPIC_AWS",
            "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_FOUNDRY",
            "CLAUDE_CODE_USE_GATEWAY",
            "CLAUDE_CODE_USE_MANTLE",
            "CLAUDE_CODE_USE_VERTEX");

    /// Variables that name another endpoint.
    static final List<String> ENDPOINTS = List.of(
            "ANTHROPIC_AWS_BASE_URL",
            "ANTHROPIC_BASE_URL",
            "ANTHROPIC_BEDROCK_BASE_URL",
            "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
            "ANTHROPIC_FOUNDRY_BASE_URL",
            UNIX_SOCKET,
            "ANTHROPIC_VERTEX_BASE_URL",
            "CLAUDE_CODE_API_BASE_URL",
            "CLAUDE_CODE_CUSTOM_OAUTH_URL",
            "USE_LOCAL_OAUTH",
            "USE_STAGING_OAUTH");

    private static final List<String> CREDENTIALS = List.of(
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_AWS_API_KEY",
            "ANTHROPIC_BEDROCK_MANTLE_API_KEY",
            "ANTHROPIC_FEDERATION_RULE_ID",
            "ANTHROPIC_FOUNDRY_API_KEY",
            "ANTHROPIC_IDENTITY_TOKEN",
            "ANTHROPIC_IDENTITY_TOKEN_FILE",
            "ANTHROPIC_PROFILE",
            "AWS_BEARER_TOKEN_BEDROCK",
            "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
            "CLAUDE_CODE_SESSION_ACCESS_TOKEN");

    /// The user's own subscription login, which a passthrough launch needs and every other launch must remove.
    static final List<String> LOGIN = List.of(
            "CLAUDE_CODE_OAUTH_REFRESH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR");

    /// Variables with which a host application takes over provider and credentials; the overlay's base URL is
    /// then ignored.
    private static final List<String> HOST_CONTROL = List.of(
            "CLAUDE_CODE_HOST_AUTH_ENV_VAR", "CLAUDE_CODE_HOST_CREDS_FILE", "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST");

    /// Variables that make Bun, Claude Code's runtime, run code in its process at the start, or print its
    /// requests with the token in them.
    private static final List<String> RUNTIME = List.of(
            "BUN_CONFIG_VERBOSE_FETCH",
            "BUN_INSPECT",
            "BUN_INSPECT_CONNECT_TO",
            "BUN_INSPECT_NOTIFY",
            "BUN_INSPECT_PRELOAD",
            "BUN_OPTIONS");

    private static final List<String> CONTENT = List.of(
            "ANTHROPIC_BETAS",
            "ANTHROPIC_CUSTOM_HEADERS",
            "ANTHROPIC_DEFAULT_MODEL",
            "ANTHROPIC_MODEL",
            "CLAUDE_CODE_EXTRA_BODY");

    /// Variables that select the proxy and the trusted certificates, for Claude Code and for its helper. The
    /// user may set them and a repository may not, so the overlay repeats the user's values.
    static final List<String> USERS_OWN = List.of(
            "ALL_PROXY",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "LD_PRELOAD",
            "NODE_EXTRA_CA_CERTS",
            "NODE_OPTIONS",
            "NODE_TLS_REJECT_UNAUTHORIZED",
            "NO_PROXY",
            "SSLKEYLOGFILE",
            "SSL_CERT_FILE",
            "all_proxy",
            "http_proxy",
            "https_proxy",
            "no_proxy");

    private static final Pattern FAMILIES =
            Pattern.compile("CLAUDE_CODE_(SKIP_\\w+_AUTH|USE_(BEDROCK|VERTEX|FOUNDRY|MANTLE|GATEWAY|ANTHROPIC\\w*))");

    /// Every variable that a launch removes: the known ones, and those of `present` that belong to their
    /// families.
    static SortedSet<String> scrubbed(Collection<String> present) {
        var names = new TreeSet<String>();
        List.of(TRANSPORTS, ENDPOINTS, CREDENTIALS, LOGIN, HOST_CONTROL, RUNTIME, CONTENT)
                .forEach(names::addAll);
        names.addAll(List.of(
                "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH",
                "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
                "CLAUDE_CODE_SKIP_FOUNDRY_AUTH",
                "CLAUDE_CODE_SKIP_MANTLE_AUTH",
                "CLAUDE_CODE_SKIP_VERTEX_AUTH"));
        present.stream().filter(FAMILIES.asMatchPredicate()).forEach(names::add);
        return names;
    }

    /// The names among `names` that turn on another transport.
    static List<String> transports(Collection<String> names) {
        return names.stream()
                .filter(name -> TRANSPORTS.contains(name)
                        || name.startsWith("CLAUDE_CODE_USE_")
                                && FAMILIES.matcher(name).matches())
                .sorted()
                .toList();
    }

    /// Returns whether Claude Code reads this value of a switch as on.
    static boolean isOn(String value) {
        return value.strip().matches("(?i)1|true|yes|on");
    }
}
