package tests.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lib.gateway.server.HeapTrimmer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldGenerationTest {
    @ParameterizedTest(name = "{0} MiB used, {1} MiB alive: {2}")
    @CsvSource({"7, 0, false", "9, 0, true", "39, 32, false", "41, 32, true", "107, 96, false", "109, 96, true"})
    void isCollectedWhenEightMebibytesOrAnEighthMoreThanLivesInItIsUsed(long used, long alive, boolean worthIt) {
        assertEquals(worthIt, HeapTrimmer.isWorthCollecting(used << 20, alive << 20));
    }
}
