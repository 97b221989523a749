package lib.cli.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import lib.base.Json;
import lib.config.OutputFormat;
import lib.terminal.Table;
import lib.terminal.TerminalWidth;

/// Prints a command's result in the requested format.
public final class Output {
    /// The minimum width of terminals. Finding the real width takes longer than printing a table as narrow as
    /// this.
    private static final int NARROW = 40;

    private Output() {}

    /// Prints one object: its fields, one line each, or the object itself.
    public static void object(Context context, OutputFormat format, ObjectNode object) {
        var out = context.host().out();
        switch (format) {
            case JSON -> out.println(json(object));
            case YAML -> out.print(yaml(object));
            case TABLE, WIDE, MARKDOWN, CSV -> {
                var rows = new ArrayList<List<String>>();
                fields(object, "", rows);
                if (format == OutputFormat.CSV) csv(out, List.of("FIELD", "VALUE"), rows);
                else if (format == OutputFormat.MARKDOWN) markdown(out, List.of("FIELD", "VALUE"), rows);
                else
                    Table.lines(printable(rows), width(context, format, rows))
                            .forEach(lines -> lines.forEach(out::println));
            }
        }
    }

    /// Prints a list: a table with a header, or the objects themselves. On a terminal a table is as wide as the
    /// terminal, unless `wide` is requested. If that is too narrow for its cells, each row takes a few lines of
    /// its own.
    ///
    /// @param columns the table's columns
    /// @param rows the table's rows, one for each of `objects`
    public static void list(
            Context context, OutputFormat format, List<String> columns, List<List<String>> rows, JsonNode objects) {
        var out = context.host().out();
        switch (format) {
            case JSON -> out.println(json(objects));
            case YAML -> out.print(yaml(objects));
            case MARKDOWN -> markdown(out, columns, rows);
            case CSV -> csv(out, columns, rows);
            case TABLE, WIDE -> {
                var all = new ArrayList<List<String>>();
                all.add(columns);
                all.addAll(printable(rows));
                var width = width(context, format, all);
                var shown = Table.width(all) <= width || rows.isEmpty() ? all : Table.withoutEmptyColumns(all);
                if (Table.isCrammed(shown, width)) {
                    records(out, shown, width);
                    return;
                }
                var lines = Table.lines(shown, width);
                lines.getFirst().forEach(line -> out.println(context.style().bold(line)));
                lines.stream().skip(1).flatMap(List::stream).forEach(out::println);
            }
        }
    }

    /// Prints non-empty fields only.
    @SuppressWarnings("ReferenceEquality") // whether it is the first one
    private static void records(PrintStream out, List<List<String>> rows, int width) {
        for (var row : rows.subList(1, rows.size())) {
            var fields = new ArrayList<List<String>>();
            for (int i = 0; i < row.size(); i++) {
                if (!row.get(i).isEmpty()) fields.add(List.of(rows.getFirst().get(i), row.get(i)));
            }
            if (row != rows.get(1)) out.println();
            Table.lines(fields, width).forEach(lines -> lines.forEach(out::println));
        }
    }

    private static int width(Context context, OutputFormat format, List<List<String>> rows) {
        var fits = format == OutputFormat.WIDE || Table.width(rows) <= NARROW;
        return fits ? Table.ANY_WIDTH : TerminalWidth.of(context.host()).orElse(Table.ANY_WIDTH);
    }

    /// Flattens an object: `{"a": {"bC": 1}}` becomes a row `A / B C`, `1`.
    private static void fields(ObjectNode object, String above, List<List<String>> rows) {
        object.properties().forEach(field -> {
            var name = above + label(field.getKey());
            if (field.getKey().equals("tags"))
                rows.add(List.of(
                        name,
                        String.join(
                                ", ",
                                field.getValue().properties().stream()
                                        .map(tag -> tag.getKey() + "=" + text(tag.getValue()))
                                        .toList())));
            else if (field.getValue() instanceof ObjectNode below && !below.isEmpty())
                fields(below, name + " / ", rows);
            else rows.add(List.of(name, text(field.getValue())));
        });
    }

    /// Returns the label of a field: `aiGatewayUrl` and `ai_gateway_url` both become AI GATEWAY URL.
    private static String label(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                .toUpperCase(Locale.ROOT)
                .replace('_', ' ');
    }

    private static List<List<String>> printable(List<List<String>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(Output::printable).toList())
                .toList();
    }

    /// Comma-separated values. A text that a spreadsheet would run as a formula is marked as a text: names come
    /// from clients.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
    public static void csv(PrintStream out, List<String> columns, List<List<String>> rows) {
        out.println(String.join(",", columns.stream().map(Output::quoted).toList()));
        rows.forEach(row ->
                out.println(String.join(",", row.stream().map(Output::quoted).toList())));
    }

    private static String quoted(String cell) {
        var text = printable(cell);
        if (text.matches("[=+@-].*") && !text.matches("[+-]?\\d[\\d.]*%?")) text = "'" + text;
        return text.matches(".*[\",].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    private static void markdown(PrintStream out, List<String> columns, List<List<String>> rows) {
        out.println("| " + String.join(" | ", columns) + " |");
        out.println("| " + String.join(" | ", columns.stream().map(_ -> "---").toList()) + " |");
        rows.forEach(row -> out.println("| "
                + String.join(
                        " | ",
                        row.stream()
                                .map(cell -> printable(cell).replace("|", "\\|"))
                                .toList()) + " |"));
    }

    /// Returns a value as text. A list becomes its members, and an object with nothing but a name becomes that
    /// name.
    private static String text(JsonNode value) {
        if (value.isArray() && !value.isEmpty())
            return String.join(", ", value.valueStream().map(Output::text).toList());
        if (value.size() == 1 && value.path("name").isTextual())
            return value.path("name").asText();
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /// Escapes control characters, so that a server's text can't move the cursor.
    public static String printable(String text) {
        return text.replaceAll("\\p{Cc}", " ");
    }

    /// Writes JSON with DEL and the characters after it escaped: JSON allows them, but a terminal may obey
    /// them.
    private static String json(JsonNode node) {
        return Pattern.compile("[\\x7f-\\x9f]")
                .matcher(Json.pretty(node))
                .replaceAll(c -> "\\\\u%04X".formatted((int) c.group().charAt(0)));
    }

    private static String yaml(JsonNode node) {
        var json = json(node);
        // SnakeYAML writes this character unescaped but reads it as a line end. JSON is valid YAML, so print
        // that.
        if (json.contains("\\u0085")) return json + "\n";
        try {
            return YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build()
                    .writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
