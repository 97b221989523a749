package lib.cli.base;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import lib.base.Secret;
import lib.config.Flags;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/// The flags of every command, accepted before and after its name.
public final class GlobalFlags {
    public String config;
    public String profile;
    public String endpoint;
    String token;
    public String format;
    public boolean noColor;
    public boolean verbose;

    /// Adds these flags to the root command, and through it to all others.
    public void addTo(CommandSpec root) {
        inherited(
                root,
                Flag.text(
                        "FILE",
                        "The config file (RPAI_CONFIG; default ~/.rpai/config).",
                        value -> config = value,
                        "-c",
                        "--config",
                        "--rpai-config"));
        inherited(
                root,
                Flag.text(
                        "ENVIRONMENT",
                        "The environment for this command (RPAI_PROFILE).",
                        value -> profile = value,
                        "-p",
                        "--profile",
                        "--rpai-profile",
                        "--rpai-environment"));
        inherited(
                root,
                Flag.text(
                        "URL",
                        "The URL of the AI Gateway for this command.",
                        value -> endpoint = value,
                        "-s",
                        "--endpoint",
                        "--rpai-endpoint"));
        inherited(
                root,
                Flag.text(
                        "TOKEN",
                        "A static token. Prefer RPAI_TOKEN: the process list shows arguments.",
                        value -> token = value,
                        "--token"));
        inherited(
                root,
                Flag.text(
                        "table|wide|json|yaml|markdown|csv",
                        "The output format (RPAI_FORMAT).",
                        value -> format = value,
                        "-o",
                        "--format"));
        inherited(root, Flag.yes("Print without colour (NO_COLOR).", value -> noColor = value, "--no-color"));
        inherited(
                root,
                Flag.yes(
                        "Print a debug log to standard error (RPAI_VERBOSE).",
                        value -> verbose = value,
                        "-v",
                        "--verbose",
                        "--rpai-verbose"));
        inherited(root, Flag.yes("Show this help.", _ -> {}, "-h", "--help").usageHelp(true));
    }

    /// The value of `--config`.
    public Optional<String> config() {
        return given(config);
    }

    /// The value of `--profile`.
    public Optional<String> profile() {
        return given(profile);
    }

    /// The value of `--endpoint`.
    public Optional<String> endpoint() {
        return given(endpoint);
    }

    /// The flags in the form that the settings take; an empty value counts as not given.
    public Flags flags(boolean embedded) {
        return new Flags(
                given(config),
                given(profile),
                given(endpoint),
                given(token).map(Secret::new),
                given(format),
                switches(embedded));
    }

    private Set<Flags.Switch> switches(boolean embedded) {
        var given = EnumSet.noneOf(Flags.Switch.class);
        if (noColor) given.add(Flags.Switch.NO_COLOR);
        if (verbose) given.add(Flags.Switch.VERBOSE);
        if (embedded) given.add(Flags.Switch.EMBEDDED);
        return given;
    }

    private static void inherited(CommandSpec root, OptionSpec.Builder flag) {
        root.addOption(flag.scopeType(ScopeType.INHERIT).build());
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }
}
