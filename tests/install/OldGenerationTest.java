package tests.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lib.install.OldGeneration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldGenerationTest {
    @ParameterizedTest(name = "{0} MiB used, {1} MiB alive: {2}")
    @CsvSource({"10, 0, false", "13, 0, true", "19, 8, false", "21, 8, true", "99, 80, false", "101, 80, true"})
    void isCollectedWhenTwelveMebibytesOrAQuarterMoreThanLivesInItIsUsed(long used, long alive, boolean worthIt) {
        assertEquals(worthIt, OldGeneration.isWorthCollecting(used << 20, alive << 20));
    }
}
