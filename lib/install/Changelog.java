package lib.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The project's `CHANGELOG.md`, formatted for a terminal: the changes of each version, newest first.
///
///     Changelog.ofThisVersion().get().between("0.1.1-1a2b3c", "0.2.0-4d5e6f", 80)
///
/// @param markdown a heading `## 0.2.0` for each version, and below it headings, paragraphs and lists
public record Changelog(String markdown) {
    /// The width in columns if there is no terminal to ask.
    public static final int USUAL_WIDTH = 80;

    private static final Pattern VERSION = Pattern.compile("## (\\d+(?:\\.\\d+)*)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\([^)]+\\)");
    private static final int NARROWEST = 20;

    /// The changelog that this program was built with; empty if it was built without one.
    public static Optional<Changelog> ofThisVersion() {
        try (var file = Changelog.class.getResourceAsStream("CHANGELOG.md")) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new Changelog(new String(file.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The entries of every version after `before` up to `now`; empty if `now` is not newer, or if either is
    /// not a version number.
    ///
    /// @param before a version such as `0.1.1`, with or without the digest of an installed one, `0.1.1-1a2b3c`
    /// @param width the maximum number of columns of a line
    public List<String> between(String before, String now, int width) {
        if (!isAfter(now, before)) return List.of();
        var shown = new ArrayList<String>();
        var isShown = false;
        var isCode = false;
        var paragraph = new StringBuilder();
        for (var line : markdown.lines().toList()) {
            var isFence = line.strip().startsWith("```");
            var heading = VERSION.matcher(line);
            // Lines of a paragraph, or of a list item, are wrapped again; code is not.
            var continues = !isCode
                    && !isFence
                    && !line.isBlank()
                    && !line.startsWith("#")
                    && !line.strip().startsWith("- ");
            if (!continues) end(paragraph, isShown, width, shown);
            if (heading.matches()) isShown = isAfter(heading.group(1), before) && !isAfter(heading.group(1), now);
            if (isFence) isCode = !isCode;
            else if (isCode && isShown) shown.add(line);
            else if (line.isBlank()
                    && isShown
                    && !shown.isEmpty()
                    && !shown.getLast().isEmpty()) shown.add("");
            else if (!line.isBlank() && !isCode)
                paragraph.append(paragraph.isEmpty() ? line.stripTrailing() : " " + line.strip());
        }
        end(paragraph, isShown, width, shown);
        while (!shown.isEmpty() && shown.getLast().isEmpty()) shown.removeLast();
        return List.copyOf(shown);
    }

    private static void end(StringBuilder paragraph, boolean isShown, int width, List<String> shown) {
        if (isShown && !paragraph.isEmpty()) shown.addAll(filled(plain(paragraph.toString()), width));
        paragraph.setLength(0);
    }

    /// Removes Markdown's marks, which a terminal does not render.
    private static String plain(String markdown) {
        return LINK.matcher(markdown)
                .replaceAll("$1")
                .replaceFirst("^#+ ", "")
                .replace("**", "")
                .replace("`", "");
    }

    /// Wraps a text. Continuation lines are indented like the first, those of a list item to its text.
    private static List<String> filled(String text, int width) {
        var own = " ".repeat(text.length() - text.stripLeading().length());
        var indent = text.strip().startsWith("- ") ? own + "  " : own;
        var lines = new ArrayList<String>();
        var line = new StringBuilder(own);
        var isFirst = true;
        for (var word : text.strip().split(" +")) {
            if (!isFirst && line.length() + 1 + word.length() > Math.max(width, NARROWEST)) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
            isFirst = false;
        }
        lines.add(line.toString());
        return lines;
    }

    private static boolean isAfter(String one, String other) {
        var left = numbers(one);
        var right = numbers(other);
        return left.length > 0 && right.length > 0 && Arrays.compare(left, right) > 0;
    }

    /// The numbers of a version: `0.1.1-1a2b3c` gives 0, 1, 1; empty for any other text.
    private static int[] numbers(String version) {
        var release = version.split("-", 2)[0];
        if (!release.matches("\\d{1,9}(\\.\\d{1,9})*")) return new int[0];
        return Arrays.stream(release.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }
}
