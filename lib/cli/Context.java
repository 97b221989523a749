package lib.cli;

import java.util.Set;
import lib.Host;
import lib.auth.Tokens;
import lib.config.Settings;
import lib.http.Http;

/// What a command is given: the machine, the global flags, and the first steps of the walk, each made when asked for.
///
/// @param host the machine
/// @param flags the global flags, filled in by the time a command runs
/// @param inheritedFiles the descriptors that the shell handed to this process
/// @param http the client for control calls
record Context(Host host, GlobalFlags flags, Set<Integer> inheritedFiles, Http http) {
    Settings settings() {
        return settings(false);
    }

    Settings settings(boolean embedded) {
        return Settings.resolve(flags.flags(embedded), host);
    }

    Tokens tokens(Settings settings) {
        return Tokens.of(settings, host, http());
    }
}
