package lib.doctor;

import java.util.Locale;

/// One thing that was looked at: a line of the report.
///
///     CheckResult.failed("provider", "\"x\" is disabled", "rpkai llm update x --enabled")
///
/// @param name what was looked at, in a word; the same in every run
/// @param result how it is
public record CheckResult(String name, Result result) {

    /// How something is. Neither text ever holds a secret.
    public sealed interface Result {
        /// What was found, in a few words.
        String found();

        /// The single command, or the one step, that mends it; empty where there is nothing to mend.
        default String mend() {
            return "";
        }

        /// Its name in `-o json`.
        default String status() {
            return getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    /// As it should be.
    public record Ok(String found) implements Result {}

    /// A launch works all the same.
    public record Warning(String found, String mend) implements Result {}

    /// A launch does not work.
    public record Failed(String found, String mend) implements Result {}

    /// Not looked at, since something before it failed or it does not apply.
    public record Skipped(String found) implements Result {}

    static CheckResult ok(String name, String found) {
        return new CheckResult(name, new Ok(found));
    }

    static CheckResult warning(String name, String found, String mend) {
        return new CheckResult(name, new Warning(found, mend));
    }

    static CheckResult failed(String name, String found, String mend) {
        return new CheckResult(name, new Failed(found, mend));
    }

    static CheckResult skipped(String name, String why) {
        return new CheckResult(name, new Skipped(why));
    }

    /// Whether a launch would fail on it.
    public boolean failed() {
        return result instanceof Failed;
    }

    /// Whether what needs it can be looked at.
    boolean holds() {
        return result instanceof Ok || result instanceof Warning;
    }
}
