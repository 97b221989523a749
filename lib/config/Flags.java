package lib.config;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import lib.base.Secret;

/// The global flags as they were typed. A flag that was not given is empty.
///
///     Settings.resolve(Flags.none().withProfile("prod"), host)
///
/// @param config `--config`, a path
/// @param profile `--profile`, the name of an environment
/// @param endpoint `--endpoint`, the URL of a gateway
/// @param token `--token`, a static bearer
/// @param format `--format`
/// @param switches the flags without a value that were given
public record Flags(
        Optional<String> config,
        Optional<String> profile,
        Optional<String> endpoint,
        Optional<Secret> token,
        Optional<String> format,
        Set<Switch> switches) {

    /// A flag without a value.
    public enum Switch {
        /// `--no-color`
        NO_COLOR,
        /// `--verbose`
        VERBOSE,
        /// `--embedded`: use the gateway in this process even if a profile is configured
        EMBEDDED
    }

    public Flags {
        switches = Set.copyOf(switches);
    }

    /// No flags.
    public static Flags none() {
        return new Flags(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());
    }

    /// Returns whether that flag was given.
    public boolean has(Switch flag) {
        return switches.contains(flag);
    }

    /// Returns a copy with `--profile`.
    public Flags withProfile(String name) {
        return new Flags(config, Optional.of(name), endpoint, token, format, switches);
    }

    /// Returns a copy with `--endpoint`.
    public Flags withEndpoint(String url) {
        return new Flags(config, profile, Optional.of(url), token, format, switches);
    }

    /// Returns a copy with `--token`.
    public Flags withToken(Secret bearer) {
        return new Flags(config, profile, endpoint, Optional.of(bearer), format, switches);
    }

    /// Returns a copy with that flag.
    public Flags withSwitch(Switch flag) {
        var all = EnumSet.of(flag);
        all.addAll(switches);
        return new Flags(config, profile, endpoint, token, format, all);
    }
}
