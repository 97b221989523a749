package lib.cli.self;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.agents.AgentBinary;
import lib.base.ShellWord;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.install.InstallSource;
import lib.install.RunningProgram;
import lib.install.ShellProfile;
import lib.install.ShellProfile.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai alias`.
@Command(
        name = "alias",
        description = "Prints a shell alias for a launch or adds it to your shell's profile.",
        footer = {
            "",
            "Everything after the alias is passed to the agent.",
            "",
            "Examples:",
            "  rpkai alias cc run claude -L anthropic",
            "  rpkai alias --install cc run claude -L anthropic",
            "  rpkai alias --remove cc"
        })
public final class AliasCommand implements Runnable {
    @Option(names = "--install", description = "Add the alias to your shell's profile, or replace it there.")
    boolean install;

    @Option(names = "--remove", description = "Remove the alias from your shell's profile.")
    boolean remove;

    @Option(names = "--shell", paramLabel = "SHELL", description = "bash, zsh or fish (default: from $SHELL).")
    String shell;

    @Parameters(index = "0", paramLabel = "NAME", description = "The name of the alias.")
    String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "The rpkai command with its flags, such as run claude -L anthropic.")
    List<String> command = new ArrayList<>();

    private final Context context;

    private AliasCommand(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var spec = CommandSpec.forAnnotatedObject(new AliasCommand(context));
        // Flags after the name belong to the aliased command.
        spec.parser().stopAtPositional(true);
        return spec;
    }

    @Override
    public void run() {
        var host = context.host();
        if (!name.matches("[A-Za-z_][A-Za-z0-9_-]*"))
            throw UserError.usage(
                    "\"%s\" is not a name for an alias".formatted(name),
                    "use letters, digits, - and _, starting with a letter");
        if (install && remove) throw UserError.usage("--install and --remove exclude each other", "use one of them");
        var kind = Optional.ofNullable(shell)
                .or(() -> host.variable("SHELL"))
                .map(Shell::of)
                .orElse(Shell.BASH);
        var profile = ShellProfile.of(kind, host);
        if (remove) {
            host.err()
                    .println(
                            profile.remove(name)
                                    ? "%s has been removed from %s.".formatted(name, profile.file())
                                    : "%s is not in %s.".formatted(name, profile.file()));
            return;
        }
        var line = line(kind);
        if (install) {
            profile.put(name, line);
            host.err()
                    .println("%s has been added to %s: open a new terminal, or run . %2$s"
                            .formatted(name, profile.file()));
        } else {
            host.out().println(line);
        }
    }

    private String line(Shell kind) {
        if (command.isEmpty())
            throw UserError.usage(
                    "the command of the alias is missing",
                    "run, for example, rpkai alias %s run claude -L anthropic".formatted(name));
        if (command.stream().anyMatch(word -> word.equals("--token") || word.startsWith("--token="))) {
            throw UserError.usage(
                    "an alias with --token would store the token in your shell's profile",
                    "omit it and run rpkai auth login");
        }
        var words = new ArrayList<>(self());
        words.addAll(command);
        if (command.getFirst().equals("run") && !command.contains("--")) words.add("--");
        var text = ShellWord.join(words);
        return kind == Shell.FISH
                ? "function %s; %s $argv; end".formatted(name, text)
                : "alias %s=%s".formatted(name, ShellWord.quoted(text));
    }

    /// The command that starts rpkai: the installed command, else JBang with the reference by which it was
    /// started, else a JVM with all its arguments.
    private List<String> self() {
        var host = context.host();
        var self = RunningProgram.command(host);
        if (self.size() == 1) return self;
        var origin = InstallSource.find(host)
                .filter(_ -> AgentBinary.onPath(host, "jbang").isPresent());
        host.warn(("rpkai is not installed as a command, so the alias starts %s: run rpkai "
                        + "install, then create the alias again")
                .formatted(origin.isPresent() ? "JBang first" : "this copy"));
        return origin.map(from -> List.of("jbang", from)).orElse(self);
    }
}
