package lib.terminal;

import lib.base.Host;

/// Colour, where somebody sees it and wants it.
///
///     Style.of(host, false).green("+ new")
///
/// @param isOn whether it is written at all
public record Style(boolean isOn) {
    /// On a terminal, unless `--no-color`, `NO_COLOR` or a terminal without any says otherwise.
    ///
    /// @see <a href="https://no-color.org">NO_COLOR</a>
    ///
    /// @param noColor whether `--no-color` was given
    public static Style of(Host host, boolean noColor) {
        return new Style(host.interactive()
                && !noColor
                && host.variable("NO_COLOR").isEmpty()
                && !host.variable("TERM").orElse("").equals("dumb"));
    }

    /// For what heads a column.
    public String bold(String text) {
        return coded(1, text);
    }

    /// For what is well, or comes.
    public String green(String text) {
        return coded(32, text);
    }

    /// For what changes.
    public String yellow(String text) {
        return coded(33, text);
    }

    /// For what is not well.
    public String red(String text) {
        return coded(31, text);
    }

    private String coded(int code, String text) {
        return isOn ? "\033[%dm%s\033[0m".formatted(code, text) : text;
    }
}
