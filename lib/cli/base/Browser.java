package lib.cli.base;

import java.io.File;
import java.io.IOException;
import java.util.List;

/// Opens a page in the user's browser. Failures are ignored, because the page's URL was printed too.
public final class Browser {
    private Browser() {}

    /// @param page an http or https URL, already checked if it came from a server
    public static void open(String page) {
        var name = System.getProperty("os.name");
        var command = name.startsWith("Mac")
                ? List.of("open", page)
                : File.separatorChar == '\\'
                        ? List.of("rundll32", "url.dll,FileProtocolHandler", page)
                        : List.of("xdg-open", page);
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // Without a browser on this machine, the user opens the page on another.
        }
    }
}
