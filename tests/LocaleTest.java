package tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.base.Host;
import org.junit.jupiter.api.Test;
import tests.support.Repository;

/// Runs the command line in the user's language: in some languages the JVM prints other digits.
class LocaleTest {
    private static final String GOLDEN = "tests\\.cli\\.(help\\.HelpTextTest|TranscriptTest)";

    /// A program that begins as every command and every script does.
    static final class Elsewhere {
        public static void main(String... args) {
            if (Locale.getDefault().equals(Locale.ROOT)) throw new AssertionError("this test means nothing");
            Host.system();
            RunTests.main(args);
        }
    }

    @Test
    void theGoldenFilesOfTheCommandLineAreTheSame() throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                "--e2e=false",
                "--filter",
                GOLDEN));
        var child = new ProcessBuilder(command)
                .directory(Repository.root().toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, child.waitFor(), said);
    }
}
