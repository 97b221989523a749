package tests.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// Checks the style of the code with the script that contributors run.
@Order(3)
@Tag("processes")
class CheckTest {
    @Test
    void everyFileIsFormatted() throws Exception {
        check("format");
    }

    @Test
    void noLineIsTooWide() throws Exception {
        check("width");
    }

    @Test
    void theCompilerAndErrorProneFindNothing() throws Exception {
        check("compile");
    }

    private static void check(String part) throws IOException, InterruptedException {
        var root = Repository.root();
        var jbang = root.resolve(File.separatorChar == '\\' ? "jbang.cmd" : "jbang");
        var process = new ProcessBuilder(jbang.toString(), "tests/Check.java", part)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        assumeFalse(
                said.contains("Could not resolve dependencies"),
                "the formatter and Error Prone can't be fetched from Maven Central");
        assertEquals(0, exitCode, said);
    }
}
