package lib.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import lib.api.ResourceKind;

/// Compares the values of proto3 JSON with typed values and with each other.
///
///     ListValues.isEqual(provider.path("type"), "anthropic")   // true
final class ListValues {
    private static final String ENUM = "^(LLM_PROVIDER_TYPE|MCP_SERVER_TYPE|MCP_TRANSPORT)_";

    private ListValues() {}

    /// Returns whether the value equals the typed one; for a list, whether one of its members does.
    static boolean isEqual(JsonNode value, String typed) {
        if (value.isArray())
            return value.valueStream().anyMatch(each -> isEqual(each.isObject() ? each.path("name") : each, typed));
        if (value.isBoolean() || isAbsent(value)) {
            if (typed.isEmpty() || typed.equals("false") || typed.equals("0")) return !value.asBoolean();
            return value.asBoolean() && typed.equals("true");
        }
        var text = value.isObject() ? value.toString() : value.asText();
        if (matches(text, typed)) return true;
        if (text.matches(ENUM + ".+")) return text.replaceFirst(ENUM, "").equalsIgnoreCase(typed.replace('-', '_'));
        var one = number(text);
        var other = number(typed);
        return one.isPresent() && other.isPresent() && one.get().compareTo(other.get()) == 0;
    }

    /// Implements the operator `:`: returns whether a text contains the typed value, a list has it as a member,
    /// or an object has it as a key. `*` matches any value.
    static boolean has(JsonNode value, String typed) {
        if (typed.equals("*"))
            return value.isContainerNode()
                    ? !value.isEmpty()
                    : !isAbsent(value) && !value.asText().isEmpty();
        if (value.isObject()) return value.has(typed) || value.has(ResourceKind.camel(typed));
        if (value.isTextual() && !typed.contains("*") && contains(value.asText(), typed)) return true;
        return isEqual(value, typed);
    }

    /// Returns whether a text contains another, ignoring case.
    static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    static boolean compares(JsonNode value, String operator, String typed) {
        if (isAbsent(value) || value.isContainerNode()) return false;
        int order = compare(value.asText(), typed);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /// Compares two values. Numbers are compared as numbers even if they are strings. Absent values come first.
    static int compare(JsonNode one, JsonNode other) {
        if (isAbsent(one) || isAbsent(other)) return Boolean.compare(!isAbsent(one), !isAbsent(other));
        return compare(
                one.isValueNode() ? one.asText() : one.toString(),
                other.isValueNode() ? other.asText() : other.toString());
    }

    private static int compare(String one, String other) {
        var a = number(one);
        var b = number(other);
        return a.isPresent() && b.isPresent() ? a.get().compareTo(b.get()) : one.compareTo(other);
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    /// Returns whether a text matches the typed value, which may have `*` at either end.
    private static boolean matches(String text, String typed) {
        var begins = typed.endsWith("*");
        var ends = typed.startsWith("*");
        var part = typed.substring(ends ? 1 : 0, Math.max(ends ? 1 : 0, typed.length() - (begins ? 1 : 0)));
        if (begins && ends) return text.contains(part);
        return begins ? text.startsWith(part) : ends ? text.endsWith(part) : text.equals(typed);
    }

    private static Optional<BigDecimal> number(String text) {
        return text.matches("-?\\d{1,30}(\\.\\d{1,30})?") ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }
}
