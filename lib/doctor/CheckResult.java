package lib.doctor;

import java.util.Locale;

/// What one check found: a line of the report.
///
///     new CheckResult("provider", Result.failed("\"x\" is disabled", "rpkai llm update x --enabled"))
///
/// @param name what was checked, in a word; the same in every run
public record CheckResult(String name, Result result) {

    /// The state of what was checked. Neither text ever holds a secret.
    public sealed interface Result {
        /// What was found, in a few words.
        String found();

        /// The single command, or the one step, that solves the problem; empty where there is no problem.
        default String remedy() {
            return "";
        }

        /// Its name in `-o json`.
        default String status() {
            return getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }

        /// It is as it should be.
        static Result ok(String found) {
            return new Ok(found);
        }

        /// There is a problem, and a launch works nevertheless.
        static Result warning(String found, String remedy) {
            return new Warning(found, remedy);
        }

        /// There is a problem that a launch fails on.
        static Result failed(String found, String remedy) {
            return new Failed(found, remedy);
        }

        /// It was not checked.
        static Result skipped(String why) {
            return new Skipped(why);
        }
    }

    /// As it should be.
    public record Ok(String found) implements Result {}

    /// A launch works nevertheless.
    public record Warning(String found, String remedy) implements Result {}

    /// A launch does not work.
    public record Failed(String found, String remedy) implements Result {}

    /// Not checked, because an earlier check failed or because it does not apply.
    public record Skipped(String found) implements Result {}

    /// Whether a launch would fail on it.
    public boolean failed() {
        return result instanceof Failed;
    }
}
