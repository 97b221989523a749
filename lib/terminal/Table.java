package lib.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of cells in columns, as narrow as they go, or as a terminal is: then long cells take several lines.
///
///     Table.lines(List.of(List.of("NAME", "TYPE"), List.of("demo", "anthropic")), Table.ANY_WIDTH)
public final class Table {
    public static final int ANY_WIDTH = Integer.MAX_VALUE;

    private static final String GAP = "  ";
    /// What is narrower than this is not read.
    private static final int NARROWEST = 8;

    private Table() {}

    /// The lines of each row.
    public static List<List<String>> lines(List<List<String>> rows, int width) {
        var widths = fitted(natural(rows), width);
        return rows.stream().map(row -> lines(row, widths)).toList();
    }

    /// How wide it is by itself.
    public static int width(List<List<String>> rows) {
        return total(natural(rows));
    }

    /// Without the columns that have but a heading.
    public static List<List<String>> withoutEmptyColumns(List<List<String>> rows) {
        var full = IntStream.range(0, rows.getFirst().size())
                .filter(i -> rows.stream().skip(1).anyMatch(row -> !row.get(i).isEmpty()))
                .boxed()
                .toList();
        return rows.stream().map(row -> full.stream().map(row::get).toList()).toList();
    }

    /// Whether a row's name is broken, or a column so narrow that a cell goes on for more than five lines, or a
    /// word for more than three.
    public static boolean isCrammed(List<List<String>> rows, int width) {
        var natural = natural(rows);
        var widths = fitted(natural.clone(), width);
        return widths[0] < natural[0]
                || rows.stream()
                        .anyMatch(row -> IntStream.range(0, row.size())
                                .anyMatch(i -> widths[i] < 20 && isLong(row.get(i), widths[i])));
    }

    private static boolean isLong(String cell, int width) {
        return DisplayWidth.of(cell) > 5 * width
                || Stream.of(cell.split(" ")).anyMatch(word -> DisplayWidth.of(word) > 3 * width);
    }

    private static int[] natural(List<List<String>> rows) {
        var widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
        }
        return widths;
    }

    private static int total(int[] widths) {
        return IntStream.of(widths).sum() + GAP.length() * Math.max(0, widths.length - 1);
    }

    /// Takes from the widest column, and from the first, which names what the row is about, last: where it has
    /// more than half of all.
    private static int[] fitted(int[] widths, int width) {
        while (total(widths) > width) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                var gives = widths[i] > NARROWEST && (i > 0 || widths.length == 1 || widths[0] > width / 2);
                if (gives && (widest < 0 || widths[i] > widths[widest])) widest = i;
            }
            if (widest < 0 && widths.length > 0 && widths[0] > NARROWEST) widest = 0;
            if (widest < 0) return widths;
            widths[widest]--;
        }
        return widths;
    }

    private static List<String> lines(List<String> row, int[] widths) {
        var cells = new ArrayList<List<String>>();
        for (int i = 0; i < row.size(); i++) cells.add(wrapped(row.get(i), widths[i]));
        var lines = new ArrayList<String>();
        for (int l = 0; l < cells.stream().mapToInt(List::size).max().orElse(0); l++) {
            var line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                var cell = l < cells.get(i).size() ? cells.get(i).get(l) : "";
                line.append(cell)
                        .append(" ".repeat(Math.max(0, widths[i] - DisplayWidth.of(cell))))
                        .append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /// Breaks behind a blank where there is one, else where the line ends.
    private static List<String> wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        var rest = text;
        while (DisplayWidth.of(rest) > width) {
            var line = DisplayWidth.beginning(rest, width);
            int blank = rest.startsWith(" ", line.length()) ? line.length() : line.lastIndexOf(' ');
            if (blank > 0) line = rest.substring(0, blank);
            lines.add(line);
            rest = rest.substring(line.length()).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
