package lib.base;

import java.io.PrintStream;
import java.net.URI;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The debug log of `-v`, on standard error: what was read and where, what was asked and answered, what was
/// decided and why. It is off until [#to] is called. While it is off, no line is made.
///
///     host.trace().log(() -> "config file %s (from --config)".formatted(file));
///
/// Nothing secret may be logged. As a second guard, whatever looks like a token or a password in a URL is replaced.
public final class Trace {
    private static final Pattern TOKEN =
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]*)*|\\bsk-[A-Za-z0-9_-]{8,}");

    private volatile PrintStream to;

    /// Switches the log on.
    public void to(PrintStream err) {
        to = err;
    }

    /// Whether the log is on.
    public boolean isOn() {
        return to != null;
    }

    /// Logs one line.
    public void log(Supplier<String> line) {
        var out = to;
        if (out != null) out.println("rpkai: debug: " + line(line.get()));
    }

    /// A URL without a password and without the values of its query, which may be secrets.
    ///
    ///     Trace.shown(URI.create("https://h/v1?page_token=x"))   // https://h/v1?page_token=…
    public static String shown(URI uri) {
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery().replaceAll("=[^&]*", "=…");
        return "%s://%s%s%s"
                .formatted(
                        uri.getScheme(),
                        uri.getRawAuthority() == null
                                ? ""
                                : uri.getRawAuthority().replaceFirst(".*@", ""),
                        uri.getRawPath(),
                        query);
    }

    private static String line(String text) {
        var hidden = TOKEN.matcher(text)
                .replaceAll(Secret.REDACTED)
                .replaceAll("//[^/@\\s]*@", "//" + Secret.REDACTED + "@");
        return hidden.replaceAll("\\R+", " ").replaceAll("[\\p{Cc}\\p{Cf}]", "");
    }
}
