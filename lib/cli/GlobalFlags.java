package lib.cli;

import java.util.Optional;
import lib.Secret;
import lib.config.Flags;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The flags of every command, accepted before and after its name.
final class GlobalFlags {
    @Option(names = {"-c", "--config", "--rpai-config"}, scope = ScopeType.INHERIT, paramLabel = "FILE", description = "Config file (RPAI_CONFIG; default ~/.rpai/config).")
    String config;

    @Option(names = {"-p", "--profile", "--rpai-profile", "--rpai-environment"}, scope = ScopeType.INHERIT, paramLabel = "NAME", description = "Environment for this invocation (RPAI_PROFILE).")
    String profile;

    @Option(names = {"-s", "--endpoint", "--rpai-endpoint"}, scope = ScopeType.INHERIT, paramLabel = "URL", description = "AI Gateway for this invocation.")
    String endpoint;

    @Option(names = "--token", scope = ScopeType.INHERIT, paramLabel = "TOKEN", description = "Static bearer; better given as RPAI_TOKEN, which the process list does not show.")
    String token;

    @Option(names = {"-o", "--format"}, scope = ScopeType.INHERIT, paramLabel = "FORMAT", description = "table, wide, json, yaml or markdown (RPAI_FORMAT).")
    String format;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colour (NO_COLOR).")
    boolean noColor;

    @Option(names = {"-v", "--verbose", "--rpai-verbose"}, scope = ScopeType.INHERIT, description = "Say more on stderr (RPAI_VERBOSE).")
    boolean verbose;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
    boolean help;

    /// As the settings want them; an empty value counts as not given.
    Flags flags(boolean embedded) {
        return new Flags(given(config), given(profile), given(endpoint), given(token).map(Secret::new), given(format), noColor, verbose, embedded);
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }
}
