package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

/// `rpkai new`. What it makes is run by [tests.e2e.install.CatalogTest].
class NewCommandTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void machine() {
        machine = new Machine(temp);
    }

    @Test
    void aNewLaunchScriptIsExecutableAndNamesItsLibrary() throws IOException {
        var made = machine.run("new", "my-claude");

        var script = machine.cwd().resolve("my-claude.java");
        assertEquals("my-claude.java\n", made.out(), made.err());
        assertTrue(Files.isExecutable(script));
        var text = Files.readString(script);
        assertTrue(
                text.contains("\n//SOURCES rpkai-library@org\n")
                        && text.contains("\nclass my_claude {\n")
                        && text.contains("jbang my-claude.java -p"),
                text);
    }

    @Test
    void aScriptWithItsTestIsTwoFilesThatNameEachOther() throws IOException {
        assertEquals(
                "sub/a-b.java\nsub/a-b_test.java\n",
                machine.run("new", "sub/a-b", "--template", "launch-tested", "--library", "rpkai-library@acme")
                        .out());

        var test = Files.readString(machine.cwd().resolve("sub/a-b_test.java"));
        assertTrue(test.contains("//SOURCES rpkai-library@acme\n//SOURCES a-b.java\n//MAIN a_b_test\n"), test);
    }

    @Test
    void insideACheckoutTheScriptUsesTheCheckoutsLibrary() throws IOException {
        machine.write("work/rpkai.java", "");
        machine.write("work/lib/Rpkai.java", "");

        machine.run("new", "x");

        assertTrue(Files.readString(machine.cwd().resolve("x.java"))
                .contains("\n//SOURCES " + machine.cwd().resolve("catalog/Library.java") + "\n"));
    }

    @Test
    void theLibraryIsTheOneOfTheCatalogueThatJbangKnows() throws IOException {
        var catalogue = machine.write(
                "elsewhere/jbang-catalog.json", "{\"aliases\": {\"rpkai\": {\"script-ref\": \"rpkai.java\"}}}");
        machine.write(
                "home/.jbang/jbang-catalog.json",
                "{\"catalogs\": {\"acme\": {\"catalog-ref\": \"%s\"}}}".formatted(catalogue));

        machine.run("new", "x");

        assertTrue(Files.readString(machine.cwd().resolve("x.java")).contains("\n//SOURCES rpkai-library@acme\n"));
    }

    @Test
    void aManifestIsYamlWithoutATraceOfTheTemplate() throws IOException {
        machine.run("new", "team.yaml", "--template", "providers");

        var text = Files.readString(machine.cwd().resolve("team.yaml"));
        assertTrue(
                text.contains("rpkai gateway -f team.yaml")
                        && text.contains("anthropicConfig: {apiKeyRef: ANTHROPIC_API_KEY}"),
                text);
    }

    @Test
    void existingFilesAreKeptUnlessForced() throws IOException {
        var mine = machine.write("work/x_test.java", "mine");

        var refused = machine.run("new", "x", "--template", "launch-tested");

        assertEquals(
                "rpkai: %s already exists: choose another name, or pass --force to replace it\n".formatted(mine),
                refused.err());
        assertEquals(
                List.of(1, false),
                List.of(refused.exitCode(), Files.exists(machine.cwd().resolve("x.java"))));
        assertEquals(
                0,
                machine.run("new", "x", "--template", "launch-tested", "--force")
                        .exitCode());
    }

    @Test
    void anUnknownTemplateIsAnsweredWithThoseThereAre() {
        assertEquals(
                "rpkai: unknown template \"x\": use one of launch, launch-tested, providers\n",
                machine.run("new", "a", "--template", "x").err());
    }
}
