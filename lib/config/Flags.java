package lib.config;

import java.util.Optional;
import lib.base.Secret;

/// The global flags as they were typed; empty where one was not given.
///
///     Settings.resolve(Flags.none().withProfile("prod"), host)
public record Flags(
        Optional<String> config,
        Optional<String> profile,
        Optional<String> endpoint,
        Optional<Secret> token,
        Optional<String> format,
        boolean noColor,
        boolean verbose,
        boolean embedded) {

    /// No flag at all.
    public static Flags none() {
        return new Flags(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false);
    }

    /// The same with `--profile`.
    public Flags withProfile(String name) {
        return new Flags(config, Optional.of(name), endpoint, token, format, noColor, verbose, embedded);
    }

    /// The same with `--endpoint`.
    public Flags withEndpoint(String url) {
        return new Flags(config, profile, Optional.of(url), token, format, noColor, verbose, embedded);
    }

    /// The same with `--embedded`.
    public Flags withEmbedded() {
        return new Flags(config, profile, endpoint, token, format, noColor, verbose, true);
    }
}
