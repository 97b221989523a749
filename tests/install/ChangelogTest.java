package tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.base.BuildInfo;
import lib.install.Changelog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests what an upgrade reports about the versions that it skips.
class ChangelogTest {
    private static final Changelog CHANGES = new Changelog("""
            # Changelog

            ## 0.10.0

            - **Flags.** `rpkai run` takes a flag that says in one long line of prose what
              it wants.
            - See [the page](docs/cost.md).

            ## 0.9.0

            Prices.

            ### New

            - More.

            ## 0.1.0

            The first.
            """);

    @Test
    void allVersionsAfterTheOldOneAreShownAsPlainTextThatFitsTheTerminal() {
        assertEquals(
                List.of(
                        "0.10.0",
                        "",
                        "- Flags. rpkai run takes a flag that",
                        "  says in one long line of prose what",
                        "  it wants.",
                        "- See the page.",
                        "",
                        "0.9.0",
                        "",
                        "Prices.",
                        "",
                        "New",
                        "",
                        "- More."),
                CHANGES.between("0.1.0-1a2b3c", "0.10.0-4d5e6f", 38));
    }

    @Test
    void aVersionBetweenTwoEndsAtTheNewOne() {
        assertEquals(List.of("0.9.0", "", "Prices.", "", "New", "", "- More."), CHANGES.between("0.2.3", "0.9.0", 80));
    }

    @ParameterizedTest
    @CsvSource({"0.10.0,0.10.0", "0.10.0,0.9.0", "0.10.0-1,0.10.0-2", "unknown,0.9.0", "0.1.0,''", "99999999999,1"})
    void nothingIsShownWhereNothingIsNewerOrAVersionIsUnknown(String before, String now) {
        assertEquals(List.of(), CHANGES.between(before, now, 80));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "20", "80", "1000"})
    void everyWordIsShownAtAnyWidth(int width) {
        var words = String.join(" ", CHANGES.between("0.0.1", "1", width)).replaceAll("\\s+", " ");
        assertEquals(
                "0.10.0 - Flags. rpkai run takes a flag that says in one long line of prose what it wants. "
                        + "- See the page. 0.9.0 Prices. New - More. 0.1.0 The first.",
                words);
    }

    @Test
    void codeIsNotWrappedAndTextBelowAnItemIsIndentedToIt() {
        var changes = new Changelog("""
                # Changelog

                ## 0.2.0

                - **Scripts.** Run
                  this:

                  ```sh
                  sed -i 's/`Ended`/LaunchResult/g;   s/a very long line of code/that is not broken/' x.java
                  ```

                  The rest works
                  as before.
                - More.
                """);

        assertEquals(
                List.of(
                        "0.2.0",
                        "",
                        "- Scripts. Run this:",
                        "",
                        "  sed -i 's/`Ended`/LaunchResult/g;   s/a very long line of code/that is not broken/' x.java",
                        "",
                        "  The rest works as",
                        "  before.",
                        "- More."),
                changes.between("0.1.0", "0.2.0", 21));
    }

    @Test
    void aTextThatIsNotAChangelogShowsNothing() {
        assertEquals(List.of(), new Changelog("").between("0.1.0", "0.2.0", 80));
        assertEquals(List.of(), new Changelog("# No versions\n\n- here\n").between("0.1.0", "0.2.0", 80));
    }

    @Test
    void thisVersionHasAnEntryInItsOwnChangelog() {
        var lines = Changelog.ofThisVersion().orElseThrow().between("0.0.0", BuildInfo.VERSION, 80);

        assertEquals(BuildInfo.VERSION, lines.getFirst());
        assertTrue(lines.contains("0.1.0"), "the first release");
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(line -> line.length() > 80 && !line.startsWith("  sed "))
                        .toList());
    }
}
