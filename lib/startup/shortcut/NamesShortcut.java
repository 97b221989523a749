package lib.startup.shortcut;

import java.util.ArrayList;
import java.util.List;
import lib.base.Host;
import lib.cli.completion.CachedNames;
import lib.install.RunningProgram;

/// Answers `rpkai completion --names KIND --for WHAT`, which the completion scripts run while a user waits at a
/// Tab. The answer comes from the cache, before the command line is even loaded. A cache older than a minute is
/// renewed in the background.
///
///     if (NamesShortcut.isAsked(args) && NamesShortcut.print(Host.unattended(), args)) return;
public final class NamesShortcut {
    private NamesShortcut() {}

    /// Returns whether the command line has that form: those words first, then `-c`, `-p` and `-s` as far as
    /// they were typed.
    public static boolean isAsked(String... args) {
        return args.length >= 5
                && args.length % 2 == 1
                && args[0].equals("completion")
                && args[1].equals("--names")
                && args[3].equals("--for");
    }

    /// Prints the cached names.
    ///
    /// @return whether there were any; otherwise nothing was printed
    public static boolean print(Host host, String... args) {
        String config = null;
        String profile = null;
        String endpoint = null;
        for (int i = 5; i < args.length; i += 2) {
            switch (args[i]) {
                case "-c" -> config = args[i + 1];
                case "-p" -> profile = args[i + 1];
                case "-s" -> endpoint = args[i + 1];
                default -> {
                    return false;
                }
            }
        }
        var names = CachedNames.of(host, config, profile, endpoint);
        if (!names.print(host.out(), args[2], args[4])) return false;
        var now = host.clock().instant();
        if (names.isOld(now)) {
            names.touch(now);
            var words = new ArrayList<>(List.of(args));
            words.add(1, "--refresh");
            RunningProgram.runBehind(host, words);
        }
        return true;
    }
}
