package lib.base;

import java.io.PrintStream;

/// The one failure that a user can mend: what happened, the command or step that mends it, and the exit code.
///
/// It is printed as one line on stderr, without a stack trace. Everything else that is thrown is a bug and shows
/// itself as one.
///
///     throw new UserError("no usable gateway token", "run rpkai auth login");
///
/// Neither text may ever hold a secret.
public class UserError extends RuntimeException {
    /// Exit code of a refusal or a failure.
    public static final int FAILED = 1;
    /// Exit code of bad usage: a missing flag, exclusive flags, an unknown one.
    public static final int USAGE = 2;

    private final String hint;
    private final int exitCode;

    /// A failure (exit 1).
    ///
    /// @param message what happened, in one line
    /// @param hint what mends it, starting with a verb; empty where nothing does
    public UserError(String message, String hint) {
        this(message, hint, FAILED, null);
    }

    /// A failure with what caused it, for `-v`.
    public UserError(String message, String hint, Throwable cause) {
        this(message, hint, FAILED, cause);
    }

    private UserError(String message, String hint, int exitCode, Throwable cause) {
        super(message, cause);
        this.hint = hint;
        this.exitCode = exitCode;
    }

    /// Bad usage (exit 2).
    public static UserError usage(String message, String hint) {
        return new UserError(message, hint, USAGE, null);
    }

    /// What mends it; empty where nothing does.
    public String hint() {
        return hint;
    }

    /// The exit code of the process: 1 or 2.
    public int exitCode() {
        return exitCode;
    }

    /// The line that a user reads: the message, and the hint behind a colon.
    public String line() {
        var line = hint.isEmpty() ? getMessage() : getMessage() + ": " + hint;
        // Messages quote servers and files; neither may move the cursor or add lines.
        return line.replaceAll("\\R+", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "");
    }

    /// Says in one line what went wrong.
    ///
    /// @param verbose whether the stack trace goes before it
    /// @return the exit code
    public static int report(Exception e, PrintStream err, boolean verbose) {
        if (verbose) e.printStackTrace(err);
        var mendable = e instanceof UserError error
                ? error
                : new UserError("internal error, %s".formatted(e), "run it again with -v and report what it prints");
        err.println("rpkai: " + mendable.line());
        return mendable.exitCode();
    }
}
