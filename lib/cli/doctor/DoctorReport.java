package lib.cli.doctor;

import java.io.PrintStream;
import lib.doctor.CheckResult;

/// What a person reads: a line a check, and under what is wrong the command that mends it.
///
///     ✓ sign-in      ada@example.com, until 14:05 (in 52 min)
///     ✗ provider     "x" is disabled
///       → rpkai llm update x --enabled
///
/// @param out where to
/// @param marks whether the terminal has more than ASCII
public record DoctorReport(PrintStream out, boolean marks) {

    /// Prints one.
    public void print(CheckResult check) {
        out.println("%s %-12s %s"
                .formatted(mark(check), check.name(), printable(check.result().found())));
        if (!check.result().mend().isEmpty())
            out.println(
                    (marks ? "  → " : "       -> ") + printable(check.result().mend()));
    }

    private String mark(CheckResult check) {
        return switch (check.result()) {
            case CheckResult.Ok _ -> marks ? "✓" : "ok    ";
            case CheckResult.Warning _ -> marks ? "!" : "warn  ";
            case CheckResult.Failed _ -> marks ? "✗" : "FAILED";
            case CheckResult.Skipped _ -> marks ? "-" : "-     ";
        };
    }

    /// What a server or a file says may not move the cursor.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}+", " ");
    }
}
