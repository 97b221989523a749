package tests;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/// Prints the results of a test run: a line per class, a paragraph per failure, a line with the reason for each
/// skipped test, and the counts. A test that failed and passes when it runs again counts as passed, and its failure
/// is printed all the same.
///
///     var report = new Report(System.out);
///     launcher.execute(request, report);
///     System.exit(report.finish());
final class Report implements TestExecutionListener {
    private final PrintStream out;
    private final Set<UniqueId> passed = new HashSet<>();
    private final Map<UniqueId, String> failures = new LinkedHashMap<>();
    private final List<String> unsteady = new ArrayList<>();
    private long skipped;
    private final Map<TestIdentifier, Long> begun = new ConcurrentHashMap<>();

    Report(PrintStream out) {
        this.out = out;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (isClass(test)) begun.put(test, System.nanoTime());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        skip(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) passed.add(test.getUniqueIdObject());
                var before = failures.remove(test.getUniqueIdObject());
                if (before != null) unsteady.add(before);
            }
            case ABORTED ->
                skip(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted"));
            // A container that fails (@BeforeAll, say) is a failure too: its tests never ran.
            case FAILED ->
                fail(test, result.getThrowable().orElseGet(() -> new AssertionError("failed without a reason")));
        }
        if (isClass(test))
            out.println("%-60s %6d ms"
                    .formatted(test.getLegacyReportingName(), (System.nanoTime() - begun.get(test)) / 1_000_000));
    }

    /// Returns the tests and classes that failed, and did not pass when they ran again.
    synchronized Set<UniqueId> failed() {
        return Set.copyOf(failures.keySet());
    }

    /// Prints the failures again, all together, and the counts.
    ///
    /// @return the exit code: 0 when something ran and nothing failed
    int finish() {
        if (!unsteady.isEmpty()) out.println("\nFAILED AT FIRST, PASSED ALONE\n");
        unsteady.forEach(out::println);
        if (!failures.isEmpty()) out.println("\nFAILED\n");
        failures.values().forEach(out::println);
        if (passed.isEmpty() && failures.isEmpty()) out.println("no test ran");
        out.println("%d passed, %d failed, %d skipped".formatted(passed.size(), failures.size(), skipped));
        return failures.isEmpty() && !passed.isEmpty() ? 0 : 1;
    }

    private void skip(TestIdentifier test, String reason) {
        skipped++;
        out.println("skipped: %s: %s".formatted(name(test), reason));
    }

    @SuppressWarnings("ReferenceEquality") // whether it is another one
    private void fail(TestIdentifier test, Throwable why) {
        out.println("FAILED: " + name(test));
        var text = new StringBuilder(name(test))
                .append("\n  ")
                .append(String.valueOf(why).replace("\n", "\n  "))
                .append('\n');
        for (var cause = why; cause != null; cause = cause.getCause()) {
            if (cause != why) text.append("  caused by ").append(cause).append('\n');
            Arrays.stream(cause.getStackTrace())
                    .filter(frame -> frame.getClassName().startsWith("tests.")
                            || frame.getClassName().startsWith("lib."))
                    .limit(8)
                    .forEach(frame -> text.append("    at ").append(frame).append('\n'));
        }
        failures.put(test.getUniqueIdObject(), text.toString());
    }

    private static boolean isClass(TestIdentifier test) {
        return test.isContainer()
                && test.getType().isContainer()
                && test.getLegacyReportingName().startsWith("tests.");
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getClassName() + "." + test.getDisplayName())
                .orElse(test.getDisplayName());
    }
}
