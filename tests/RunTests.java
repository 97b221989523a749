///usr/bin/env jbang "$0" "$@" ; exit $?
package tests;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tests.support.StartCache;

//JAVA 25+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1
//SOURCES ../docs/ManPage.java
//SOURCES ../docs/Reference.java
//SOURCES ../rpkai.java
//SOURCES agents/*.java
//SOURCES agents/claude/*.java
//SOURCES agents/codex/*.java
//SOURCES agents/process/*.java
//SOURCES api/*.java
//SOURCES auth/*.java
//SOURCES cli/*.java
//SOURCES cli/completion/*.java
//SOURCES cli/connect/*.java
//SOURCES cli/env/*.java
//SOURCES cli/help/*.java
//SOURCES cli/llm/*.java
//SOURCES cli/mcp/*.java
//SOURCES cli/usage/*.java
//SOURCES config/*.java
//SOURCES database/*.java
//SOURCES docs/*.java
//SOURCES doctor/*.java
//SOURCES e2e/*.java
//SOURCES e2e/claude/*.java
//SOURCES e2e/codex/*.java
//SOURCES e2e/install/*.java
//SOURCES e2e/scale/*.java
//SOURCES gateway/*.java
//SOURCES gateway/demo/*.java
//SOURCES gateway/issuer/*.java
//SOURCES gateway/management/*.java
//SOURCES gateway/metering/*.java
//SOURCES gateway/oidc/*.java
//SOURCES gateway/proxy/*.java
//SOURCES gateway/server/*.java
//SOURCES gateway/state/*.java
//SOURCES gateway/transfer/*.java
//SOURCES gateway/ui/*.java
//SOURCES gateway/upstream/*.java
//SOURCES http/*.java
//SOURCES install/*.java
//SOURCES launch/*.java
//SOURCES models/*.java
//SOURCES startup/*.java
//SOURCES style/*.java
//SOURCES support/*.java
//SOURCES support/gateway/*.java
//SOURCES support/identity/*.java
//SOURCES support/upstream/*.java
//SOURCES usage/*.java
//SOURCES usage/pricing/*.java
//SOURCES usage/report/*.java
//SOURCES usage/store/*.java
//SOURCES JsonTest.java
//SOURCES LocaleTest.java
//SOURCES ProgressTest.java
//SOURCES Report.java
//SOURCES SourcesTest.java
//DEPS com.tngtech.archunit:archunit:1.5.1
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS org.junit.platform:junit-platform-launcher:6.1.3

/// Runs every test, prints what failed and why, and last, alone on a line, `N passed, N failed, N skipped`.
///
///     ./jbang tests/RunTests.java                      # everything
///     ./jbang tests/RunTests.java --e2e=false          # without real agents
///     ./jbang tests/RunTests.java --filter 'Tokens'    # tests whose class or name matches the regular expression
///     ./jbang tests/RunTests.java --filter HelpTextTest --update    # writes down what is, to be looked at in the diff
final class RunTests {
    private static final int MOST_REPEATED = 5;

    private RunTests() {}

    public static void main(String... args) {
        var e2e = true;
        var filter = Optional.<Pattern>empty();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--e2e=false" -> e2e = false;
                case "--e2e", "--e2e=true" -> e2e = true;
                case "--filter" -> filter = Optional.of(Pattern.compile(++i < args.length ? args[i] : ""));
                case "--update" -> System.setProperty("rpkai.update", "true");
                case String a when a.startsWith("--filter=") -> filter = Optional.of(Pattern.compile(a.substring(9)));
                default -> {
                    System.err.println(
                            "RunTests: unknown argument " + args[i] + ": use --filter REGEX, --e2e=false, --update");
                    System.exit(2);
                }
            }
        }
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var report = new Report(out);
        if (filter.isPresent()) run(e2e, filter.get().asPredicate(), report);
        else runAll(e2e, report, out);
        System.exit(report.finish());
    }

    private static void runAll(boolean e2e, Report report, PrintStream out) {
        try (var _ = StartCache.train()) {
            run(e2e, _ -> true, report);
            // A few failures among thousands of tests may be the machine's doing: with nothing beside them, they tell.
            var failed = report.failed();
            if (failed.isEmpty() || failed.size() > MOST_REPEATED) return;
            out.println("\nRunning again what failed, with nothing beside it");
            run(failed.stream().map(DiscoverySelectors::selectUniqueId).toList(), report, 1);
        }
    }

    private static void run(boolean e2e, Predicate<String> filter, Report report) {
        // The sessions that mostly wait do so together, and beside nothing else: their agents' tokens live for
        // seconds.
        if (e2e) run(filter, report, 4, TagFilter.includeTags("waits"));
        // The classes whose work is done by other processes wait for them, two at a time. The others, which share
        // what is global in this process, run one after the other meanwhile.
        var inThisProcess = CompletableFuture.runAsync(
                () -> run(filter, report, 1, TagFilter.excludeTags("processes | e2e")),
                task -> Thread.ofPlatform().start(task));
        run(filter, report, 2, TagFilter.includeTags(e2e ? "(processes | e2e) & !waits" : "processes & !e2e"));
        inThisProcess.join();
    }

    private static void run(Predicate<String> filter, Report report, int atOnce, PostDiscoveryFilter tags) {
        run(selectClasspathRoots(classes()), report, atOnce, matching(filter), tags);
    }

    private static void run(
            List<? extends DiscoverySelector> what, Report report, int atOnce, PostDiscoveryFilter... filters) {
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(what)
                                .filters(filters)
                                .configurationParameter(
                                        "junit.jupiter.execution.parallel.enabled", String.valueOf(atOnce > 1))
                                .configurationParameter(
                                        "junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                                .configurationParameter(
                                        "junit.jupiter.execution.parallel.config.executor-service",
                                        "WORKER_THREAD_POOL")
                                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                                .configurationParameter(
                                        "junit.jupiter.execution.parallel.config.fixed.parallelism",
                                        String.valueOf(atOnce))
                                // Those with an @Order first: the slowest must not begin last.
                                .configurationParameter(
                                        "junit.jupiter.testclass.order.default",
                                        ClassOrderer.OrderAnnotation.class.getName())
                                // A test that hangs fails, and says where. One that works may take minutes on a busy
                                // machine.
                                .configurationParameter(
                                        "junit.jupiter.execution.timeout.default",
                                        Duration.ofMinutes(15).toSeconds() + " s")
                                .configurationParameter(
                                        "junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                                .build(),
                        report);
    }

    /// Returns the place where JBang put this program: the first entry of the class path.
    private static Set<Path> classes() {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .limit(1)
                .map(Path::of)
                .collect(Collectors.toSet());
    }

    private static PostDiscoveryFilter matching(Predicate<String> filter) {
        return test -> test.getSource().orElse(null) instanceof MethodSource method
                        && !filter.test(method.getClassName() + "." + method.getMethodName())
                ? FilterResult.excluded("does not match --filter")
                : FilterResult.included("matches");
    }
}
