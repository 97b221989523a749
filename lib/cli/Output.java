package lib.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import lib.Json;
import lib.config.OutputFormat;

/// Prints what a command found, in the format that was asked for.
public final class Output {
    private Output() {}

    /// One object: its fields, a line each, or the object itself.
    public static void object(PrintStream out, OutputFormat format, ObjectNode object) {
        switch (format) {
            case JSON -> out.println(json(object));
            case YAML -> out.print(yaml(object));
            case TABLE, WIDE, MARKDOWN -> {
                var rows = new ArrayList<List<String>>();
                object.properties().forEach(field -> rows.add(List.of(field.getKey().toUpperCase(Locale.ROOT).replace('_', ' '), text(field.getValue()))));
                if (format == OutputFormat.MARKDOWN) markdown(out, List.of("FIELD", "VALUE"), rows);
                else table(out, rows);
            }
        }
    }

    /// A list: a table with a header, or the objects themselves.
    ///
    /// @param columns the table's columns
    /// @param rows a table's row for each of `objects`
    public static void list(PrintStream out, OutputFormat format, List<String> columns, List<List<String>> rows, JsonNode objects) {
        switch (format) {
            case JSON -> out.println(json(objects));
            case YAML -> out.print(yaml(objects));
            case MARKDOWN -> markdown(out, columns, rows);
            case TABLE, WIDE -> {
                var all = new ArrayList<List<String>>();
                all.add(columns);
                all.addAll(rows);
                table(out, all);
            }
        }
    }

    private static void table(PrintStream out, List<List<String>> cells) {
        var rows = cells.stream().map(row -> row.stream().map(Output::printable).toList()).toList();
        var widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) widths[i] = Math.max(widths[i], row.get(i).length());
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            out.println(line.toString().stripTrailing());
        }
    }

    private static void markdown(PrintStream out, List<String> columns, List<List<String>> rows) {
        out.println("| " + String.join(" | ", columns) + " |");
        out.println("| " + String.join(" | ", columns.stream().map(_ -> "---").toList()) + " |");
        rows.forEach(row -> out.println("| " + String.join(" | ", row.stream().map(cell -> printable(cell).replace("|", "\\|")).toList()) + " |"));
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /// What a server says may not move the cursor.
    public static String printable(String text) {
        return text.replaceAll("\\p{Cc}", " ");
    }

    /// JSON need not escape DEL and what follows it; a terminal may obey them.
    private static String json(JsonNode node) {
        return Pattern.compile("[\\x7f-\\x9f]").matcher(Json.pretty(node)).replaceAll(c -> "\\\\u%04X".formatted((int) c.group().charAt(0)));
    }

    private static String yaml(JsonNode node) {
        var json = json(node);
        // The one character that SnakeYAML writes as it is and reads as the end of a line; JSON is YAML too.
        if (json.contains("\\u0085")) return json + "\n";
        try {
            return YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).enable(YAMLGenerator.Feature.MINIMIZE_QUOTES).enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS).build().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
