package lib.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.agents.process.Exec;
import lib.api.DidYouMean;
import lib.base.Host;
import lib.base.Json;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.GlobalFlags;
import lib.cli.help.HelpSchema;
import lib.cli.help.HelpText;
import lib.http.Http;
import lib.install.RunningProgram;
import lib.terminal.Progress;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line: runs the requested command, and turns every error into one line and an exit code.
///
///     int exitCode = Cli.run(Host.system(), Set.of(), "auth", "status");
public final class Cli {
    private Cli() {}

    /// Runs a command line in the same way as the installed command: it also keeps the caches up to date, and
    /// prints a hint about the installation.
    ///
    /// @return the exit code
    public static int start(Host host, String... args) {
        RunningProgram.keepFit();
        RunningProgram.offer(host, args);
        // An agent gets the files that the shell passed, and none that rpkai opens from here on.
        return run(host, Exec.openFiles(), args);
    }

    /// Runs a command line.
    ///
    /// @param inheritedFiles see [lib.agents.process.Exec#openFiles]
    /// @return the exit code: the agent's own once one was started, 1 for a failure, 2 for bad usage
    public static int run(Host host, Set<Integer> inheritedFiles, String... args) {
        var flags = new GlobalFlags();
        var progress = Progress.of(host);
        try (var http = Http.of(host, progress)) {
            return run(host, flags, new Context(host, flags, inheritedFiles, http, progress), args);
        }
    }

    /// The whole tree of commands, for generated files such as the reference. Its commands can be parsed but
    /// not run.
    ///
    ///     Cli.commands().subcommands().keySet()   // [auth, env, environment, …]
    public static CommandSpec commands() {
        return Commands.all(new Context(null, new GlobalFlags(), Set.of(), null, Progress.none()))
                .getCommandSpec();
    }

    private static int run(Host host, GlobalFlags flags, Context context, String... args) {
        var commands = Commands.tree(context, args)
                .setOut(new PrintWriter(host.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(host.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((e, _) -> badUsage(e, host))
                .setExecutionExceptionHandler(
                        (e, _, _) -> UserError.report(e, host.err(), flags.verbose || host.enabled("RPAI_VERBOSE")));
        commands.setHelpSectionKeys(List.of("page"))
                .setHelpSectionMap(Map.of("page", help -> help(help.commandSpec(), flags)));
        commands.setExecutionStrategy(parsed -> {
            if (flags.verbose || host.enabled("RPAI_VERBOSE")) host.trace().to(host.err());
            return new CommandLine.RunLast().execute(parsed);
        });
        return commands.execute(args);
    }

    /// Returns the help of a command, as text or, with `-o json`, as JSON.
    private static String help(CommandSpec command, GlobalFlags flags) {
        return "json".equals(flags.format) ? Json.pretty(HelpSchema.of(command)) + "\n" : HelpText.of(command);
    }

    private static int badUsage(CommandLine.ParameterException e, Host host) {
        var command = e.getCommandLine().getCommandSpec().qualifiedName();
        var meant = e instanceof UnmatchedArgumentException unmatched
                ? meant(unmatched.getUnmatched().getFirst(), e.getCommandLine().getCommandSpec())
                : Optional.<String>empty();
        var hint = meant.map(word -> "did you mean %s? (%s --help)".formatted(word, command))
                .orElse("run %s --help".formatted(command));
        var message = e instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched.getUnmatched().getFirst())
                : lowerFirst(e.getMessage());
        host.err().println("rpkai: " + UserError.usage(message, hint).line());
        return UserError.USAGE;
    }

    /// The command or flag most similar to the word. If an alias is the most similar, its command's own name is
    /// returned.
    private static Optional<String> meant(String word, CommandSpec command) {
        if (word.startsWith("-"))
            return DidYouMean.of(
                    word.replaceFirst("=.*", ""),
                    command.optionsMap().keySet().stream()
                            .filter(name -> name.startsWith("--"))
                            .toList());
        return DidYouMean.of(word, command.subcommands().keySet())
                .map(name -> command.subcommands().get(name).getCommandName());
    }

    /// Returns only the unknown word itself: the word after a mistyped `--token` is a token.
    private static String unknown(String word) {
        return word.startsWith("-")
                ? "unknown option: '%s'".formatted(word.replaceFirst("=.*", ""))
                : "unknown argument: '%s'".formatted(word);
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
