package lib.startup.shortcut;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import lib.agents.process.RunningProcess;
import lib.auth.RefreshWindow;
import lib.base.DurationText;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.Secret;
import lib.config.Cloud;
import lib.startup.FastConfig;

/// Answers `rpkai auth token`, in the form that agents' helpers and people type, when the cached token is good.
/// The token is printed before the command line, YAML and HTTP are even loaded. In every other case this class
/// does nothing, and [lib.cli.Cli] runs the command.
///
///     if (TokenShortcut.isAsked(args) && TokenShortcut.print(Host.unattended(), args)) return;
public final class TokenShortcut {
    /// Variables that change the source of the token, make the command fail, or make it print more than the
    /// token.
    private static final String[] OTHER_SOURCES = {
        "RPAI_VERBOSE", "RPAI_TOKEN", "RPAI_SERVICE_ACCOUNT_ID", "RPAI_SERVICE_ACCOUNT_SECRET"
    };
    private static final String FORMATS = " table wide json yaml markdown csv ";

    private TokenShortcut() {}

    /// The words of such a command line.
    private record Asked(String config, String profile, Duration refreshWithin, RunningProcess session) {}

    /// Returns whether the command line has that form.
    public static boolean isAsked(String... args) {
        return words(args) != null;
    }

    /// Prints the token if no other work is needed.
    ///
    /// @return whether it did
    public static boolean print(Host host, String... args) {
        var token = words(args) instanceof Asked asked ? token(host, asked) : Optional.<Secret>empty();
        token.ifPresent(secret -> host.out().println(secret.reveal()));
        return token.isPresent();
    }

    private static Optional<Secret> token(Host host, Asked asked) {
        if (asked.session != null && asked.session.hasEnded()) return Optional.empty();
        for (var name : OTHER_SOURCES) {
            if (host.env().containsKey(name) && !host.env().get(name).isEmpty()) return Optional.empty();
        }
        if (!FORMATS.contains(" " + host.variable("RPAI_FORMAT").orElse("table") + " ")) return Optional.empty();
        var config = path(host, asked.config, "RPAI_CONFIG", host.home().resolve(".rpai/config"));
        var credentials = path(host, null, "RPAI_CREDENTIALS", config.resolveSibling("credentials"));
        // If other users can read the file, the full command closes it and prints a message.
        if (PrivateFile.isOpen(credentials) || PrivateFile.isOpenForWriting(config)) return Optional.empty();
        var profile = asked.profile != null ? Optional.of(asked.profile) : host.variable("RPAI_PROFILE");
        var chosen = FastConfig.read(config).flatMap(read -> read.profile(profile));
        if (chosen.isEmpty() || !chosen.get().authMode().orElse("device").equals("device")) return Optional.empty();
        var issuer = host.variable("RPAI_ISSUER").or(chosen.get()::issuer);
        return FastTokenReader.read(
                credentials,
                chosen.get().organization(),
                Cloud.withoutSlash(issuer.orElse(Cloud.DEFAULT_ISSUER)),
                host.clock().instant(),
                asked.refreshWithin);
    }

    /// Parses `[--config F] [--profile P] auth token [--refresh-within D [--while-running S]]`, each word by
    /// itself; returns null for anything else.
    private static Asked words(String[] args) {
        String config = null;
        String profile = null;
        int i = 0;
        for (; i + 1 < args.length && args[i].startsWith("--"); i += 2) {
            var value = args[i + 1];
            if (value.isEmpty() || value.startsWith("-")) return null;
            if (args[i].equals("--config") && config == null) config = value;
            else if (args[i].equals("--profile") && profile == null) profile = value;
            else return null;
        }
        if (i + 1 >= args.length || !args[i].equals("auth") || !args[i + 1].equals("token")) return null;
        return switch (args.length - i) {
            case 2 -> new Asked(config, profile, RefreshWindow.DEFAULT, null);
            case 4 ->
                args[i + 2].equals("--refresh-within")
                                && DurationText.parse(args[i + 3]).orElse(null) instanceof Duration within
                        ? new Asked(config, profile, within, null)
                        : null;
            case 6 ->
                args[i + 2].equals("--refresh-within")
                                && DurationText.parse(args[i + 3]).orElse(null) instanceof Duration within
                                && args[i + 4].equals("--while-running")
                                && RunningProcess.parse(args[i + 5]).orElse(null) instanceof RunningProcess session
                        ? new Asked(config, profile, within, session)
                        : null;
            default -> null;
        };
    }

    private static Path path(Host host, String flag, String variable, Path otherwise) {
        var text = flag != null ? flag : host.variable(variable).orElse(null);
        return text == null
                ? otherwise
                : host.cwd().resolve(text.startsWith("~/") ? host.home() + text.substring(1) : text);
    }
}
