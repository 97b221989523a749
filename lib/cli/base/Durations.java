package lib.cli.base;

import java.time.Duration;
import lib.base.DurationText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Parses durations in the format of Go's tools: `90s`, `10m`, `1h30m`; a bare number is in seconds.
public final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return DurationText.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "\"%s\" is not a duration such as 90s, 10m or 1h30m".formatted(text)));
    }
}
