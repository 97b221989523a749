package lib.cli.doctor;

import java.io.PrintStream;
import lib.doctor.CheckResult;

/// The report for people: one line for each check, and under each problem the command that solves it.
///
///     ✓ sign-in      ada@example.com, until 14:05 (in 52 min)
///     ✗ provider     "x" is disabled
///       → rpkai llm update x --enabled
///
/// @param marks whether the terminal shows more than ASCII
public record DoctorReport(PrintStream out, boolean marks) {

    /// Prints one check.
    public void print(CheckResult check) {
        out.println("%s %-12s %s"
                .formatted(mark(check), check.name(), printable(check.result().found())));
        if (!check.result().remedy().isEmpty())
            out.println(
                    (marks ? "  → " : "       -> ") + printable(check.result().remedy()));
    }

    private String mark(CheckResult check) {
        return switch (check.result()) {
            case CheckResult.Ok _ -> marks ? "✓" : "ok    ";
            case CheckResult.Warning _ -> marks ? "!" : "warn  ";
            case CheckResult.Failed _ -> marks ? "✗" : "FAILED";
            case CheckResult.Skipped _ -> marks ? "-" : "-     ";
        };
    }

    /// Escapes control characters, so that the text of a server or a file can't move the cursor.
    private static String printable(String text) {
        return text.replaceAll("\\p{Cc}+", " ");
    }
}
