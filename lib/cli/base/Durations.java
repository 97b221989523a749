package lib.cli.base;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Durations as Go's tools write them: `90s`, `10m`, `1h30m`; a bare number is seconds.
public final class Durations implements ITypeConverter<Duration> {
    private static final Pattern PARTS = Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,8})m)?(?:(\\d{1,9})s?)?");

    @Override
    public Duration convert(String text) {
        var parts = PARTS.matcher(text);
        if (text.isEmpty() || !parts.matches())
            throw new TypeConversionException("\"%s\" is not a duration such as 90s, 10m or 1h30m".formatted(text));
        return Duration.ofHours(number(parts.group(1)))
                .plusMinutes(number(parts.group(2)))
                .plusSeconds(number(parts.group(3)));
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
