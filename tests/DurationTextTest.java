package tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import lib.base.DurationText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Durations as people type them.
class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"90, 90", "90s, 90", "10m, 600", "1h, 3600", "1h30m, 5400", "1h30m15s, 5415", "2m7, 127", "1h5s, 3605"})
    void unitsAddUpAndABareNumberIsSeconds(String text, long seconds) {
        assertEquals(Optional.of(Duration.ofSeconds(seconds)), DurationText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h", "-1", "1.5h", "30m1h", "1s1", "1s1s", " 1s", "1d", "1H", "1234567h", "1234567890", "٣s"})
    void otherTextIsNotADuration(String text) {
        assertEquals(Optional.empty(), DurationText.parse(text));
    }

    @Test
    void emptyTextIsNotADuration() {
        assertEquals(Optional.empty(), DurationText.parse(""));
    }
}
