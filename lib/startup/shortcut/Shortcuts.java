package lib.startup.shortcut;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import lib.base.BuildInfo;
import lib.base.Host;
import lib.install.RunningProgram;

/// Answers some command lines before the command line proper is even loaded: `auth token` when the cached token
/// is good, `version`, the installed command's `--help`, and cached names for the shell's completion.
///
///     if (Shortcuts.take(args)) return;
public final class Shortcuts {
    private Shortcuts() {}

    /// Answers the command line if it is one of them.
    ///
    /// @return whether it did; otherwise nothing was printed, and [lib.cli.Cli] must run the command
    public static boolean take(String... args) {
        if (TokenShortcut.isAsked(args)) return TokenShortcut.print(Host.unattended(), args);
        if (NamesShortcut.isAsked(args)) return NamesShortcut.print(Host.unattended(), args);
        return args.length == 1 && print(System.out, args[0]);
    }

    private static boolean print(PrintStream out, String word) {
        if (word.equals("version")) {
            out.println(BuildInfo.line());
            return true;
        }
        if (!word.equals("--help") && !word.equals("-h")) return false;
        var overview = RunningProgram.overview();
        if (overview.isPresent()) out.writeBytes(overview.get().getBytes(StandardCharsets.UTF_8));
        return overview.isPresent();
    }
}
