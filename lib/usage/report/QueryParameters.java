package lib.usage.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lib.base.UserError;

/// Reads a [UsageQuery] from the parameters of a command line or a URL:
/// `by=model&last=7d&compare=true&user=ada@example.com`.
///
///     QueryParameters.question(Map.of("by", "model", "last", "7d"), now)
public final class QueryParameters {
    private static final String LAST = "24h";
    private static final Set<String> NAMES = Set.of(
            "by", "last", "from", "to", "step", "compare", "rows", "provider", "model", "user", "agent", "session");
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})([mhdwy])");

    private QueryParameters() {}

    /// Reads a query from its parameters. Without a time, it is about the last 24 hours.
    ///
    /// @throws UserError for an unknown parameter or a value that is not valid
    public static UsageQuery question(Map<String, String> words, Instant now) {
        for (var name : words.keySet())
            if (!NAMES.contains(name))
                throw UserError.usage(
                        "unknown parameter \"%s\"".formatted(name),
                        "use one of "
                                + String.join(", ", NAMES.stream().sorted().toList()));
        var only = new EnumMap<Dimension, String>(Dimension.class);
        for (var dimension : Dimension.values())
            Optional.ofNullable(words.get(dimension.wire())).ifPresent(value -> only.put(dimension, value));
        var by = Optional.ofNullable(words.get("by"))
                .map(name -> Dimension.of(name)
                        .orElseThrow(() -> UserError.usage(
                                "usage cannot be grouped by \"%s\"".formatted(name),
                                "use provider, model, user, agent, session or kind")));
        return new UsageQuery(
                window(words, now),
                by,
                only,
                Optional.ofNullable(words.get("step")).map(QueryParameters::length),
                Boolean.parseBoolean(words.getOrDefault("compare", "false")),
                rows(words.getOrDefault("rows", "100")));
    }

    private static Window window(Map<String, String> words, Instant now) {
        if (words.containsKey("last") && words.containsKey("from"))
            throw UserError.usage("\"last\" and \"from\" exclude each other", "use one of them");
        var to = Optional.ofNullable(words.get("to")).map(QueryParameters::time).orElse(now);
        var from = Optional.ofNullable(words.get("from"))
                .map(QueryParameters::time)
                .orElseGet(() -> to.minus(length(words.getOrDefault("last", LAST))));
        if (!from.isBefore(to))
            throw UserError.usage("the period ends before it starts", "choose a \"from\" before \"to\"");
        return new Window(from, to);
    }

    /// Reads a length of time: `15m`, `24h`, `7d`, `4w`, `1y`.
    public static Duration length(String text) {
        var parts = LENGTH.matcher(text);
        if (!parts.matches() || parts.group(1).matches("0+"))
            throw UserError.usage("\"%s\" is not a period".formatted(text), "use, for example, 24h, 7d or 4w");
        var count = Long.parseLong(parts.group(1));
        var length = switch (parts.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            case "w" -> Duration.ofDays(7 * count);
            default -> Duration.ofDays(365 * count);
        };
        if (length.toDays() > 36_500)
            throw UserError.usage(
                    "\"%s\" exceeds the two years that are kept".formatted(text), "use, for example, 24h, 7d or 4w");
        return length;
    }

    /// Reads a day or an instant, in UTC: `2026-11-22`, `2026-11-22T10:00:00Z`.
    private static Instant time(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw UserError.usage(
                    "\"%s\" is not a time".formatted(text), "use, for example, 2026-11-22 or 2026-11-22T10:00:00Z");
        }
    }

    private static int rows(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    }
}
