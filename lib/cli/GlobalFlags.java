package lib.cli;

import java.util.Optional;
import java.util.function.Consumer;
import lib.Secret;
import lib.config.Flags;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/// The flags of every command, accepted before and after its name. Written out for picocli rather than annotated: every
/// command has them, and reading annotations takes longer than most commands do.
public final class GlobalFlags {
    String config;
    String profile;
    String endpoint;
    String token;
    String format;
    boolean noColor;
    boolean verbose;

    /// Gives these flags to the root command, and through it to all others.
    void addTo(CommandSpec root) {
        root.addOption(text("FILE", "Config file (RPAI_CONFIG; default ~/.rpai/config).", value -> config = value, "-c", "--config", "--rpai-config"));
        root.addOption(text("NAME", "Environment for this invocation (RPAI_PROFILE).", value -> profile = value, "-p", "--profile", "--rpai-profile", "--rpai-environment"));
        root.addOption(text("URL", "AI Gateway for this invocation.", value -> endpoint = value, "-s", "--endpoint", "--rpai-endpoint"));
        root.addOption(text("TOKEN", "Static bearer; better given as RPAI_TOKEN, which the process list does not show.", value -> token = value, "--token"));
        root.addOption(text("FORMAT", "table, wide, json, yaml or markdown (RPAI_FORMAT).", value -> format = value, "-o", "--format"));
        root.addOption(yes("No colour (NO_COLOR).", value -> noColor = value, "--no-color").build());
        root.addOption(yes("Say more on stderr (RPAI_VERBOSE).", value -> verbose = value, "-v", "--verbose", "--rpai-verbose").build());
        root.addOption(yes("Show this help.", _ -> {}, "-h", "--help").usageHelp(true).build());
    }

    /// The config file that was named here.
    public Optional<String> config() {
        return given(config);
    }

    /// The environment that was named here.
    public Optional<String> profile() {
        return given(profile);
    }

    /// As the settings want them; an empty value counts as not given.
    Flags flags(boolean embedded) {
        return new Flags(given(config), given(profile), given(endpoint), given(token).map(Secret::new), given(format), noColor, verbose, embedded);
    }

    private static OptionSpec text(String label, String description, Consumer<String> field, String... names) {
        return OptionSpec.builder(names).scopeType(ScopeType.INHERIT).type(String.class).paramLabel(label).description(description)
                .setter(new Setter<>(field, null)).build();
    }

    private static OptionSpec.Builder yes(String description, Consumer<Boolean> field, String... names) {
        return OptionSpec.builder(names).scopeType(ScopeType.INHERIT).type(boolean.class).description(description).setter(new Setter<>(field, false));
    }

    /// @param absent what picocli's null means: not given
    private record Setter<T>(Consumer<T> field, T absent) implements picocli.CommandLine.Model.ISetter {
        @Override
        @SuppressWarnings("unchecked")
        public <V> V set(V value) {
            field.accept(value == null ? absent : (T) value);
            return value;
        }
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }
}
