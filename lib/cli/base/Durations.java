package lib.cli.base;

import java.time.Duration;
import lib.base.DurationText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Durations as Go's tools write them: `90s`, `10m`, `1h30m`; a bare number is seconds.
public final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return DurationText.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "\"%s\" is not a duration such as 90s, 10m or 1h30m".formatted(text)));
    }
}
