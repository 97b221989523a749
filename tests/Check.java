///usr/bin/env jbang "$0" "$@" ; exit $?
package tests;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

//JAVA 25+
//RUNTIME_OPTIONS -XX:+UseParallelGC -XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.main=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.model=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.parser=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.processing=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED
//RUNTIME_OPTIONS --add-opens=jdk.compiler/com.sun.tools.javac.comp=ALL-UNNAMED
//DEPS com.palantir.javaformat:palantir-java-format:2.103.0
//DEPS com.google.errorprone:error_prone_core:2.52.0

/// Checks how the Java code is written: its format, the width of its lines, and what javac's lint and Error Prone
/// find in it. The tests run it too.
///
///     ./jbang tests/Check.java            # everything
///     ./jbang tests/Check.java format     # one part: format, width or compile
///     ./jbang tests/Check.java --fix      # formats what is not formatted, then checks everything
///
/// Exits with 0 if everything is in order, 1 if not, 2 for bad usage.
final class Check {
    private static final int WIDTH = 120;
    private static final List<String> PARTS = List.of("format", "width", "compile");

    /// The folders that contain Java code.
    private static final List<String> FOLDERS = List.of("lib", "tests", "docs", "catalog");

    /// A line that JBang reads: its form is fixed, whatever its length.
    private static final Pattern DIRECTIVE = Pattern.compile("//(?:/usr/bin/env .*|[A-Z_]+(?: .*)?)");

    private static final Pattern PLACEHOLDER = Pattern.compile("(?m)^// @directive (\\d+)$");

    /// javac's warnings that are switched off, and why.
    private static final Map<String, String> NOT_LINTED =
            Map.of("serial", "no exception of ours is ever serialised, and all that it asks of them is for that");

    /// And the one that has no name: sun.misc.Signal is the only way to a signal.
    private static final String PROPRIETARY = "compiler.warn.sun.proprietary";

    /// A warning about a doc comment: the first line of each script looks like one that is not expected there. A
    /// name that does not exist is an error instead.
    private static final String DOC_COMMENT = "compiler.warn.proc.messager";

    /// Error Prone's checks that are switched off, and why. What is wrong in general and meant in one place is
    /// suppressed there, with `@SuppressWarnings`.
    private static final Map<String, String> NOT_ANALYSED = new TreeMap<>(Map.ofEntries(
            Map.entry("AddressSelection", "tests connect to 127.0.0.1 alone"),
            Map.entry("AnnotateFormatMethod", "its annotation would be a dependency of the code"),
            Map.entry("ArrayRecordComponent", "records carry bodies as bytes and are not compared"),
            Map.entry("BadInstanceof", "`nullable() instanceof T value` tests for null and gives it a name"),
            Map.entry("ClosingStandardOutputStreams", "it takes System.err::println for the resource"),
            Map.entry("DefaultCharset", "it is UTF-8 everywhere since JDK 18"),
            Map.entry("DefaultPackage", "a JBang script has none"),
            Map.entry("ImmutableEnumChecker", "it does not see that a list came from List.of"),
            Map.entry("InlineMeSuggester", "its annotation would be a dependency of the code"),
            Map.entry("InlineFormatString", "a name can explain a format"),
            Map.entry("MissingSummary", "what a name says already is not said again above a @param"),
            Map.entry("NonApiType", "a TreeMap in a signature promises the order"),
            Map.entry("NotJavadoc", "JBang's first line begins with ///"),
            Map.entry("OperatorPrecedence", "&& before || needs no parentheses"),
            Map.entry("StringConcatToTextBlock", "a matter of taste; HTTP's line ends are \\r\\n"),
            Map.entry("StringSplitter", "its remedy is Guava"),
            Map.entry("SystemConsoleNull", "System.console() is null without a terminal again since JDK 25"),
            Map.entry("UnnecessaryLambda", "a constant can name what a lambda does"),
            Map.entry("TypeParameterUnusedInFormals", "picocli's interfaces have such methods")));

    private final Path root;

    private Check(Path root) {
        this.root = root;
    }

    public static void main(String... args) throws IOException, InterruptedException {
        var parts = new ArrayList<String>();
        var fix = false;
        for (var arg : args) {
            if (arg.equals("--fix")) fix = true;
            else if (PARTS.contains(arg)) parts.add(arg);
            else exit(2, "Check: unknown argument " + arg + ": use --fix, " + String.join(", ", PARTS));
        }
        var root = Path.of("").toAbsolutePath();
        if (!Files.exists(root.resolve("lib/Rpkai.java")))
            exit(2, "Check: run it from the repository's top folder: ./jbang tests/Check.java");
        var check = new Check(root);
        var good = true;
        for (var part : parts.isEmpty() ? PARTS : parts) {
            good &= switch (part) {
                case "format" -> check.format(fix);
                case "width" -> check.width();
                default -> check.compile();
            };
        }
        System.exit(good ? 0 : 1);
    }

    private static void exit(int code, String message) {
        System.err.println(message);
        System.exit(code);
    }

    /// Whether every file is as palantir-java-format writes it.
    private boolean format(boolean fix) throws IOException {
        var unformatted = new ConcurrentSkipListMap<String, String>();
        sources().parallel().forEach(file -> {
            var text = read(file);
            try {
                var formatted = formatted(text);
                if (formatted.equals(text)) return;
                if (fix) Files.writeString(file, formatted);
                unformatted.put(name(file), "");
            } catch (FormatterException e) {
                unformatted.put(name(file), ": " + e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        var failed = unformatted.values().stream().anyMatch(why -> !why.isEmpty());
        if (unformatted.isEmpty()) System.out.println("format: every file is formatted");
        else if (fix) System.out.println("format: formatted " + unformatted.size() + " files:");
        else
            System.out.printf(
                    "format: %d files are not formatted (./jbang tests/Check.java --fix formats them):%n",
                    unformatted.size());
        unformatted.forEach((file, why) -> System.out.println("  " + file + why));
        return unformatted.isEmpty() || fix && !failed;
    }

    /// Returns the formatted text. JBang's lines are exempt: the formatter would put a space after `//`.
    private static String formatted(String text) throws FormatterException {
        var directives = new ArrayList<String>();
        var hidden = new StringBuilder();
        for (var line : text.split("(?<=\n)")) {
            if (DIRECTIVE.matcher(line.stripTrailing()).matches()) {
                hidden.append("// @directive ").append(directives.size()).append('\n');
                directives.add(line.stripTrailing());
            } else hidden.append(line);
        }
        var style = Style.PALANTIR;
        var formatter = Formatter.createFormatter(
                JavaFormatterOptions.builder().style(style).build());
        var clean = RemoveUnusedImports.removeUnusedImports(ImportOrderer.reorderImports(hidden.toString(), style));
        return PLACEHOLDER
                .matcher(formatter.formatSource(clean))
                .replaceAll(found -> Matcher.quoteReplacement(directives.get(Integer.parseInt(found.group(1)))));
    }

    /// Whether no line is too long, but for JBang's and those that consist of a URL.
    private boolean width() throws IOException {
        var wide = new ArrayList<String>();
        for (var file : sources().toList()) {
            var lines = read(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                var line = lines.get(i);
                if (line.codePointCount(0, line.length()) > WIDTH
                        && !DIRECTIVE.matcher(line).matches()
                        && !line.matches("\\s*(?:///?|\\*)?\\s*\\S*https?://\\S+"))
                    wide.add("  %s:%d".formatted(name(file), i + 1));
            }
        }
        System.out.println(
                wide.isEmpty()
                        ? "width: no line is wider than %d characters".formatted(WIDTH)
                        : "width: %d lines are wider than %d characters; break them:".formatted(wide.size(), WIDTH));
        wide.forEach(System.out::println);
        return wide.isEmpty();
    }

    /// Whether javac, with everything that it and Error Prone warn of, has nothing to say.
    private boolean compile() throws IOException, InterruptedException {
        var classes = Files.createTempDirectory("rpkai-check");
        try {
            var tools = System.getProperty("java.class.path");
            var off = NOT_ANALYSED.keySet().stream().map(check -> " -Xep:" + check + ":OFF");
            var options = List.of(
                    "-d",
                    classes.toString(),
                    "-classpath",
                    dependencies() + File.pathSeparator + tools,
                    "-processorpath",
                    tools,
                    "-proc:none",
                    "-implicit:none",
                    "-Xlint:all"
                            + String.join(
                                    "",
                                    NOT_LINTED.keySet().stream()
                                            .map(lint -> ",-" + lint)
                                            .toList()),
                    // A name in a doc comment follows the code.
                    "-Xdoclint:reference",
                    "-Xmaxwarns",
                    "1000",
                    "-XDcompilePolicy=simple",
                    "--should-stop=ifError=FLOW",
                    "-XDaddTypeAnnotationsToSymbol=true",
                    "-Xplugin:ErrorProne" + String.join("", off.toList()));
            // Not -Werror: Error Prone stops at the first error, and that option makes one of the first warning.
            var found = new DiagnosticCollector<JavaFileObject>();
            var compiler = ToolProvider.getSystemJavaCompiler();
            boolean good;
            try (var files = compiler.getStandardFileManager(found, null, StandardCharsets.UTF_8)) {
                good = compiler.getTask(
                                null,
                                files,
                                found,
                                options,
                                null,
                                files.getJavaFileObjectsFromPaths(sources().toList()))
                        .call();
            }
            var warnings = found.getDiagnostics().stream()
                    .filter(each -> !List.of(PROPRIETARY, DOC_COMMENT).contains(each.getCode()))
                    .toList();
            warnings.forEach(System.out::println);
            good &= warnings.isEmpty();
            System.out.println(
                    good
                            ? "compile: javac and Error Prone have nothing to say"
                            : "compile: see above; tests/Check.java lists the checks that are switched off");
            return good;
        } finally {
            try (var files = Files.walk(classes)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    /// The class path of the code and its tests, as JBang resolves it.
    private String dependencies() throws IOException, InterruptedException {
        var jbang = root.resolve(File.separatorChar == '\\' ? "jbang.cmd" : "jbang");
        var process = new ProcessBuilder(
                        jbang.toString(), "info", "classpath", "--deps-only", "--quiet", "tests/RunTests.java")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) throw new IOException("jbang does not resolve the dependencies: " + said);
        return said;
    }

    /// Every Java file.
    private Stream<Path> sources() throws IOException {
        var all = new ArrayList<>(List.of(root.resolve("rpkai.java")));
        for (var folder : FOLDERS) {
            try (var files = Files.walk(root.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        return all.stream().sorted();
    }

    private String name(Path file) {
        return root.relativize(file).toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
