package lib.base;

import java.io.PrintStream;

/// The one kind of failure that a user can do something about: what happened, what to do next, and the exit code.
///
/// It is printed as one line on stderr, without a stack trace. Any other exception is a bug and is shown as one.
///
///     throw new UserError("no usable gateway token", Remedy.run("rpkai auth login"));
///
/// Neither text may ever hold a secret. Code never reads the texts: it tests [#is] and the type of [#remedy].
public class UserError extends RuntimeException {
    /// Exit code of a refusal or a failure.
    public static final int FAILED = 1;
    /// Exit code of bad usage: a missing flag, exclusive flags, an unknown one.
    public static final int USAGE = 2;

    private final ErrorCode code;
    private final Remedy remedy;
    private final int exitCode;

    /// A failure (exit 1).
    ///
    /// @param message what happened, in one line
    /// @param advice what to do next, starting with a verb; empty where nothing helps
    public UserError(String message, String advice) {
        this(message, Remedy.advice(advice));
    }

    /// A failure with a remedy that code may act on.
    public UserError(String message, Remedy remedy) {
        this(null, message, remedy, FAILED, null);
    }

    /// A failure that code has to tell from others.
    public UserError(ErrorCode code, String message, Remedy remedy) {
        this(code, message, remedy, FAILED, null);
    }

    /// A failure with its cause, which `-v` prints.
    public UserError(String message, String advice, Throwable cause) {
        this(message, Remedy.advice(advice), cause);
    }

    /// A failure with its cause and a remedy that code may act on.
    public UserError(String message, Remedy remedy, Throwable cause) {
        this(null, message, remedy, FAILED, cause);
    }

    private UserError(ErrorCode code, String message, Remedy remedy, int exitCode, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remedy = remedy;
        this.exitCode = exitCode;
    }

    /// Bad usage (exit 2).
    public static UserError usage(String message, String advice) {
        return usage(message, Remedy.advice(advice));
    }

    /// Bad usage with a remedy that code may act on.
    public static UserError usage(String message, Remedy remedy) {
        return new UserError(null, message, remedy, USAGE, null);
    }

    /// Bad usage that code has to tell from others.
    public static UserError usage(ErrorCode code, String message, Remedy remedy) {
        return new UserError(code, message, remedy, USAGE, null);
    }

    /// Whether it is a failure of that kind.
    public boolean is(ErrorCode other) {
        return code == other;
    }

    /// What to do next.
    public Remedy remedy() {
        return remedy;
    }

    /// The exit code of the process: 1 or 2.
    public int exitCode() {
        return exitCode;
    }

    /// The line that a user reads: the message, a colon, and the remedy.
    public String line() {
        var advice = remedy.text();
        var line = advice.isEmpty() ? getMessage() : getMessage() + ": " + advice;
        // Messages quote servers and files: no control character of theirs may move the cursor or add lines.
        return line.replaceAll("\\R+", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "");
    }

    /// Prints in one line what went wrong.
    ///
    /// @param verbose whether the stack trace is printed before it
    /// @return the exit code
    public static int report(Exception e, PrintStream err, boolean verbose) {
        if (verbose) e.printStackTrace(err);
        var shown = e instanceof UserError error
                ? error
                : new UserError("internal error, %s".formatted(e), "run it again with -v and report what it prints");
        err.println("rpkai: " + shown.line());
        return shown.exitCode();
    }
}
