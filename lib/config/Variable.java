package lib.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Every environment variable that rpkai reads, declared once with its role. The variables that an agent must
/// not inherit follow from this list. A test fails for a variable that is read but missing here.
///
///     Variable.names(Variable.Role.UPSTREAM_SECRET)   // [ANTHROPIC_API_KEY, AWS_ACCESS_KEY_ID, …]
public enum Variable {
    RPAI_SERVICE_ACCOUNT_ID(Role.OWN_SECRET),
    RPAI_SERVICE_ACCOUNT_SECRET(Role.OWN_SECRET),
    RPAI_TOKEN(Role.OWN_SECRET),
    /// The token of a program that is set up by hand, as `rpkai connect` shows.
    RPKAI_GATEWAY_TOKEN(Role.OWN_SECRET),
    /// The bearer of a launch's own gateway. An agent started by another agent would get the outer launch's
    /// bearer.
    RPKAI_SESSION_TOKEN(Role.OWN_SECRET),

    RPAI_AUDIENCE(Role.SIGN_IN),
    RPAI_CLIENT_ID(Role.SIGN_IN),
    RPAI_CLOUD_API_URL(Role.SIGN_IN),
    RPAI_CONFIG(Role.SIGN_IN),
    RPAI_CREDENTIALS(Role.SIGN_IN),
    RPAI_FORMAT(Role.SIGN_IN),
    RPAI_ISSUER(Role.SIGN_IN),
    RPAI_PROFILE(Role.SIGN_IN),
    RPAI_VERBOSE(Role.SIGN_IN),
    RPK_CONFIG(Role.SIGN_IN),

    RPAI_DEMO_SCRIPT(Role.SETTING),
    RPAI_USAGE_STORE(Role.SETTING),

    ANTHROPIC_API_KEY(Role.UPSTREAM_SECRET),
    AWS_ACCESS_KEY_ID(Role.UPSTREAM_SECRET),
    AWS_BEARER_TOKEN_BEDROCK(Role.UPSTREAM_SECRET),
    /// The four variables by which AWS's own tools fetch a container's credentials; any process that knows them
    /// can fetch them too.
    AWS_CONTAINER_AUTHORIZATION_TOKEN(Role.UPSTREAM_SECRET),
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE(Role.UPSTREAM_SECRET),
    AWS_CONTAINER_CREDENTIALS_FULL_URI(Role.UPSTREAM_SECRET),
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI(Role.UPSTREAM_SECRET),
    AWS_SECRET_ACCESS_KEY(Role.UPSTREAM_SECRET),
    AWS_SESSION_TOKEN(Role.UPSTREAM_SECRET),
    GEMINI_API_KEY(Role.UPSTREAM_SECRET),
    GOOGLE_API_KEY(Role.UPSTREAM_SECRET),
    OPENAI_API_KEY(Role.UPSTREAM_SECRET),
    /// Other keys that providers of `rpkai gateway` may name.
    AZURE_OPENAI_API_KEY(Role.UPSTREAM_SECRET),
    CEREBRAS_API_KEY(Role.UPSTREAM_SECRET),
    COHERE_API_KEY(Role.UPSTREAM_SECRET),
    DASHSCOPE_API_KEY(Role.UPSTREAM_SECRET),
    DEEPSEEK_API_KEY(Role.UPSTREAM_SECRET),
    FIREWORKS_API_KEY(Role.UPSTREAM_SECRET),
    GROQ_API_KEY(Role.UPSTREAM_SECRET),
    MISTRAL_API_KEY(Role.UPSTREAM_SECRET),
    MOONSHOT_API_KEY(Role.UPSTREAM_SECRET),
    OPENROUTER_API_KEY(Role.UPSTREAM_SECRET),
    PERPLEXITY_API_KEY(Role.UPSTREAM_SECRET),
    TOGETHER_API_KEY(Role.UPSTREAM_SECRET),
    XAI_API_KEY(Role.UPSTREAM_SECRET),

    ANTHROPIC_BASE_URL(Role.SETTING),
    AWS_DEFAULT_REGION(Role.SETTING),
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME(Role.SETTING),
    AWS_ENDPOINT_URL_STS(Role.SETTING),
    AWS_PROFILE(Role.SETTING),
    AWS_REGION(Role.SETTING),
    GOOGLE_GEMINI_BASE_URL(Role.SETTING),
    OPENAI_BASE_URL(Role.SETTING),

    /// Secrets of the database in which usage is kept.
    PGPASSWORD(Role.OTHER_SECRET),

    ALL_PROXY(Role.PROXY),
    HTTPS_PROXY(Role.PROXY),
    HTTP_PROXY(Role.PROXY),
    all_proxy(Role.PROXY),
    http_proxy(Role.PROXY),
    https_proxy(Role.PROXY),
    NO_PROXY(Role.SETTING),
    no_proxy(Role.SETTING),
    NODE_EXTRA_CA_CERTS(Role.SETTING),
    SSL_CERT_FILE(Role.SETTING),

    ANTHROPIC_DEFAULT_HAIKU_MODEL(Role.SETTING),
    ANTHROPIC_DEFAULT_OPUS_MODEL(Role.SETTING),
    ANTHROPIC_DEFAULT_SONNET_MODEL(Role.SETTING),
    ANTHROPIC_SMALL_FAST_MODEL(Role.SETTING),
    CLAUDE_CONFIG_DIR(Role.SETTING),
    CLAUDE_SECURESTORAGE_CONFIG_DIR(Role.SETTING),
    CODEX_HOME(Role.SETTING),
    GEMINI_CLI_HOME(Role.SETTING),
    GEMINI_CLI_TRUSTED_FOLDERS_PATH(Role.SETTING),
    SANDBOX_ENV(Role.SETTING),
    SANDBOX_FLAGS(Role.SETTING),
    GEMINI_CLI_SYSTEM_DEFAULTS_PATH(Role.SETTING),
    GEMINI_CLI_SYSTEM_SETTINGS_PATH(Role.SETTING),
    OPENCODE_CONFIG(Role.SETTING),
    OPENCODE_CONFIG_DIR(Role.SETTING),
    QWEN_CODE_SYSTEM_DEFAULTS_PATH(Role.SETTING),
    QWEN_CODE_SYSTEM_SETTINGS_PATH(Role.SETTING),

    JAVA_TOOL_OPTIONS(Role.SETTING),
    JBANG_BOOTSTRAP_REPO(Role.SETTING),
    JBANG_CACHE_DIR(Role.SETTING),
    JBANG_DIR(Role.SETTING),
    JBANG_REPO(Role.SETTING),
    JDK_JAVA_OPTIONS(Role.SETTING),
    _JAVA_OPTIONS(Role.SETTING),

    CI(Role.SETTING),
    COLUMNS(Role.SETTING),
    HOME(Role.SETTING),
    LANG(Role.SETTING),
    LC_ALL(Role.SETTING),
    LC_CTYPE(Role.SETTING),
    NO_COLOR(Role.SETTING),
    PATH(Role.SETTING),
    SHELL(Role.SETTING),
    TERM(Role.SETTING),
    TMPDIR(Role.SETTING),
    USER(Role.SETTING),
    WT_SESSION(Role.SETTING),
    XDG_CACHE_HOME(Role.SETTING),
    XDG_CONFIG_HOME(Role.SETTING),
    XDG_DATA_HOME(Role.SETTING),
    XDG_RUNTIME_DIR(Role.SETTING),
    ZDOTDIR(Role.SETTING);

    /// The role of a variable in a launch.
    public enum Role {
        /// rpkai's own secret: no agent inherits it, and no flag allows that.
        OWN_SECRET,
        /// A key that rpkai's gateway uses at an upstream on the agent's behalf. `--pass-env` lets the agent
        /// inherit it.
        UPSTREAM_SECRET,
        /// Another secret that rpkai reads. `--pass-env` lets the agent inherit it.
        OTHER_SECRET,
        /// Decides where and as whom rpkai signs in. A helper that the agent starts gets the value from the
        /// time of the launch.
        SIGN_IN,
        /// Names a proxy. It is withheld if the agent's traffic stays on this machine.
        PROXY,
        /// Anything else: the agent inherits it.
        SETTING;

        /// Returns whether the value must not be shown.
        public boolean isSecret() {
            return this == OWN_SECRET || this == UPSTREAM_SECRET || this == OTHER_SECRET;
        }
    }

    private final Role role;

    Variable(Role role) {
        this.role = role;
    }

    /// The variable's role in a launch.
    public Role role() {
        return role;
    }

    /// The variable with that name; empty for one that rpkai does not read.
    public static Optional<Variable> of(String name) {
        return Arrays.stream(values())
                .filter(variable -> variable.name().equals(name))
                .findFirst();
    }

    /// The names of all variables with that role.
    public static SortedSet<String> names(Role role) {
        return Arrays.stream(values())
                .filter(variable -> variable.role == role)
                .map(Variable::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
