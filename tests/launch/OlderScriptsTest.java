package tests.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Repository;

/// Scripts that were written for 0.1.0: the catalogue's, its templates, an agent of one's own, and every step of
/// `Launch`. They compile against this version with the edit that the changelog names, and with nothing else.
class OlderScriptsTest {
    private static final Path FIXTURES = Repository.root().resolve("tests/launch/fixtures/scripts-0.1.0");

    @TempDir
    Path temp;

    @Test
    void theyCompileWithTheEditOfTheChangelog() throws IOException {
        var edits = edits();
        var errors =
                compile(scripts().stream().map(script -> edited(script, edits)).toList());

        assertEquals(List.of(), errors);
    }

    @Test
    void withoutThatEditTheyDoNot() throws IOException {
        var errors = compile(scripts());

        assertTrue(errors.stream().anyMatch(error -> error.contains("UserError")), () -> String.join("\n", errors));
    }

    /// A script, as the compiler takes it.
    private static final class Script extends SimpleJavaFileObject {
        private final String text;

        Script(String name, String text) {
            super(URI.create("script:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /// One `s/old/new/` of the changelog's command.
    private record Edit(String from, String to) {}

    private static List<Edit> edits() throws IOException {
        var section =
                Files.readString(Repository.root().resolve("CHANGELOG.md")).split("(?m)^## ")[1];
        var command = section.lines()
                .filter(line -> line.strip().startsWith("sed -i"))
                .findFirst()
                .orElseThrow();
        var edits = Pattern.compile("s/([^/]+)/([^/]+)/g")
                .matcher(command)
                .results()
                .map(edit -> new Edit(edit.group(1), edit.group(2)))
                .toList();
        assertTrue(edits.size() > 2, command);
        return edits;
    }

    private static Script edited(Script script, List<Edit> edits) {
        var text = script.text;
        for (var edit : edits) text = text.replaceAll(edit.from(), edit.to());
        return new Script(script.getName().substring(1), text);
    }

    private static List<Script> scripts() throws IOException {
        var scripts = new ArrayList<Script>();
        try (Stream<Path> files = Files.list(FIXTURES)) {
            for (var file : files.sorted().toList()) {
                var name = file.getFileName()
                        .toString()
                        .replaceFirst("\\.txt$", "")
                        .replace('-', '_');
                var text = Files.readString(file);
                scripts.add(
                        name.endsWith(".qute")
                                ? new Script(
                                        name.replaceFirst("launch(_test)?\\.java\\.qute", "my_launch$1.java"),
                                        text.replace("{baseName}", "my_launch").replace("\\{", "{"))
                                : new Script(name, text));
            }
        }
        assertTrue(scripts.size() >= 10, "the fixtures are missing");
        return scripts;
    }

    private List<String> compile(List<Script> scripts) {
        var told = new DiagnosticCollector<JavaFileObject>();
        ToolProvider.getSystemJavaCompiler()
                .getTask(
                        null,
                        null,
                        told,
                        List.of("-d", temp.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")),
                        null,
                        scripts)
                .call();
        return told.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> "%s:%d %s"
                        .formatted(
                                each.getSource() == null ? "" : each.getSource().getName(),
                                each.getLineNumber(),
                                each.getMessage(Locale.ROOT)))
                .toList();
    }
}
