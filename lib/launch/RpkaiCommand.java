package lib.launch;

import java.util.ServiceLoader;
import lib.base.Host;

/// Any command of rpkai, run from a script of your own, in its process.
///
///     if (RpkaiCommand.runSilently("doctor", "claude", "-L", "anthropic") != 0) …
///     System.exit(RpkaiCommand.run("gateway", "-f", "providers.yaml"));
///
/// This package is below the command line and must not import it. The class that runs a command line is therefore
/// named in `META-INF/services`, and implements this interface.
@FunctionalInterface
public interface RpkaiCommand {
    /// Runs that command line on that machine.
    ///
    /// @return the exit code
    int start(Host host, String... args);

    /// Runs a command as if it was typed in a terminal. Errors are printed to standard error.
    ///
    /// @return the exit code: 0 for success, 1 for a failure, 2 for bad usage
    static int run(String... args) {
        return run(Host.system(), args);
    }

    /// Runs a command that prints nothing.
    ///
    /// @return the exit code: 0 for success, 1 for a failure, 2 for bad usage
    static int runSilently(String... args) {
        return run(Host.system().silent(), args);
    }

    /// Runs a command on that machine: for tests.
    ///
    /// @return the exit code: 0 for success, 1 for a failure, 2 for bad usage
    static int run(Host host, String... args) {
        return ServiceLoader.load(RpkaiCommand.class, RpkaiCommand.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("META-INF/services names no RpkaiCommand"))
                .start(host, args);
    }
}
