package lib.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lib.agents.registry.Agents;
import lib.api.ResourceKind;
import lib.base.Host;
import lib.cli.auth.AuthCommand;
import lib.cli.auth.CloudCommand;
import lib.cli.base.Context;
import lib.cli.base.GlobalFlags;
import lib.cli.base.LateCommands;
import lib.cli.completion.CompletionCommand;
import lib.cli.connect.ConnectCommand;
import lib.cli.doctor.DoctorCommand;
import lib.cli.env.EnvAdd;
import lib.cli.env.EnvDelete;
import lib.cli.env.EnvList;
import lib.cli.env.EnvRename;
import lib.cli.env.EnvShow;
import lib.cli.env.EnvUse;
import lib.cli.explain.ExplainCommand;
import lib.cli.llm.LlmCheck;
import lib.cli.llm.LlmList;
import lib.cli.llm.LlmTypes;
import lib.cli.llm.ProviderFlags;
import lib.cli.manage.ApplyCommand;
import lib.cli.manage.CreateCommand;
import lib.cli.manage.DeleteCommand;
import lib.cli.manage.DiffCommand;
import lib.cli.manage.DraftFlags;
import lib.cli.manage.GetCommand;
import lib.cli.manage.UpdateCommand;
import lib.cli.mcp.McpList;
import lib.cli.mcp.McpTypes;
import lib.cli.mcp.ServerFlags;
import lib.cli.mcp.ToolsCall;
import lib.cli.mcp.ToolsList;
import lib.cli.model.ModelCommand;
import lib.cli.run.RunCommand;
import lib.cli.self.AliasCommand;
import lib.cli.self.InstallCommand;
import lib.cli.self.NewCommand;
import lib.cli.self.UninstallCommand;
import lib.cli.self.UpgradeCommand;
import lib.cli.self.VersionCommand;
import lib.startup.GatewayClasses;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// The tree of commands, built only as far as the command line needs it, because reading a command's
/// annotations takes longer than most commands run. Errors about an unknown command or flag are worded from the
/// whole tree.
///
///     Commands.tree(context, "auth", "status").execute("auth", "status")
final class Commands {
    private static final List<Entry> ALL = List.of(
            group(
                    "auth",
                    "Signs in and out, and prints the gateway token.",
                    leaf("login", AuthCommand.Login::new),
                    leaf("logout", AuthCommand.Logout::new),
                    plain(
                            "status",
                            "Shows who is signed in, to which gateway, and until when.",
                            "rpkai auth status -o json",
                            AuthCommand.Status::new),
                    leaf("token", AuthCommand.Token::new)),
            group(
                    "env environment profile",
                    "Manages environments; each one names a gateway.",
                    described("list ls", EnvList::spec),
                    leaf("use", EnvUse::new),
                    leaf("add", EnvAdd::new),
                    leaf("show", EnvShow::new),
                    leaf("rename mv", EnvRename::new),
                    leaf("delete rm", EnvDelete::new)),
            group(
                    "cloud",
                    "Signs in and out with the command names of rpk.",
                    leaf("login", CloudCommand.Login::new),
                    leaf("logout", AuthCommand.Logout::new).shown("rpkai cloud logout")),
            managed(
                    "llm llm-provider llm-providers provider lp",
                    "Manages the providers of the AI Gateway.",
                    () -> ResourceKind.LLM,
                    "rpkai llm get demo -o yaml",
                    ProviderFlags::toCreate,
                    ProviderFlags::toUpdate,
                    described("list ls", LlmList::spec),
                    leaf("check", LlmCheck::new),
                    leaf("types", LlmTypes::new)),
            group(
                    "model models m",
                    "Shows the catalogue of models.",
                    described("list ls", ModelCommand.List::spec),
                    described("get", ModelCommand.Get::spec)),
            managed(
                    "mcp mcp-server mcp-servers",
                    "Manages the MCP servers of the AI Gateway, and calls their tools.",
                    () -> ResourceKind.MCP,
                    "rpkai mcp get github -o yaml",
                    ServerFlags::toCreate,
                    ServerFlags::toUpdate,
                    described("list ls", McpList::spec),
                    leaf("types", McpTypes::new),
                    group(
                            "tools tool",
                            "Lists and calls the tools of an MCP server.",
                            leaf("list ls", ToolsList::new),
                            leaf("call", ToolsCall::new))),
            described(
                    "connect",
                    "Prints the configuration that lets a client use a provider or an MCP server.",
                    ConnectCommand::spec),
            group("run", "Launches a coding agent through the AI Gateway.", launches()),
            group("explain", "Shows what a launch would set and where each value comes from.", explanations()),
            leaf("doctor", "Checks everything a launch needs and suggests a fix for each problem.", DoctorCommand::new),
            late("gateway", "gateway", "Runs an AI Gateway on this machine.")
                    .over(
                            accounts(
                                    "user",
                                    "ada@example.com",
                                    "Manages the users of a gateway that issues its own tokens."),
                            accounts(
                                    "client",
                                    "ci",
                                    "Manages the programs that may use a gateway that issues its own tokens."),
                            late("gateway export", "export", "Writes the state and usage of a gateway to a file."),
                            late(
                                    "gateway import",
                                    "import",
                                    "Reads an exported file into an empty state and usage store.")),
            late("ui", "ui", "Opens the Cost & Usage page of the AI Gateway or of this machine."),
            group(
                    "secret",
                    "Manages the secrets of a gateway.",
                    late("secret set", "set"),
                    late("secret remove", "remove rm"),
                    late("secret create", "create"),
                    late("secret get", "get"),
                    late("secret list", "list ls"),
                    late("secret update", "update"),
                    late("secret delete", "delete"),
                    late("secret rotate-key", "rotate-key")),
            described(
                    "alias",
                    "Prints a shell alias for a launch or adds it to your shell's profile.",
                    AliasCommand::spec),
            leaf("new", "Creates your own launch script from a template.", NewCommand::new),
            late("usage", "usage", "Shows usage and what it cost."),
            group(
                    "budget budgets",
                    "Manages spending limits.",
                    late("budget set", "set"),
                    late("budget create", "create"),
                    late("budget get", "get"),
                    late("budget list", "list ls"),
                    late("budget update", "update"),
                    late("budget delete", "delete rm")),
            leaf("install", "Installs rpkai as a command that starts without JBang.", InstallCommand::new),
            leaf("upgrade", "Upgrades the installed command, or returns to the previous version.", UpgradeCommand::new),
            leaf(
                    "uninstall",
                    "Removes the installed command; keeps the config and the sign-in.",
                    UninstallCommand::new),
            leaf(
                    "completion",
                    "Prints a shell script that completes rpkai's commands and options.",
                    context -> new CompletionCommand(context, Cli::commands)),
            plain("version", "Prints the version and its commit.", "rpkai version", VersionCommand::new));

    private static final Set<String> WITH_VALUE = Set.of(
            "-c",
            "--config",
            "--rpai-config",
            "-p",
            "--profile",
            "--rpai-profile",
            "--rpai-environment",
            "-s",
            "--endpoint",
            "--rpai-endpoint",
            "--token",
            "-o",
            "--format");
    private static final Set<String> ALONE = Set.of("--no-color", "-v", "--verbose", "--rpai-verbose");

    private Commands() {}

    /// What a command is without a subcommand.
    private enum Kind {
        /// It does nothing.
        GROUP,
        /// It does something.
        LEAF,
        /// It does something, and its class is part of the gateway.
        LATE
    }

    /// A command: its name and aliases, its factory, and the commands below it. The summary is given only if no
    /// annotation has it, or if the overview needs it.
    private record Entry(
            String names, String summary, Function<Context, CommandSpec> command, List<Entry> below, Kind kind) {
        CommandSpec spec(Context context) {
            return command.apply(context);
        }

        /// Returns a command with just enough data for the overview.
        CommandSpec stub() {
            return named(CommandSpec.create(), names, summary);
        }

        /// Returns a copy with commands below it.
        Entry over(Entry... below) {
            return new Entry(names, summary, command, List.of(below), kind);
        }

        /// Returns a copy with another example, for a command that is in more than one place.
        Entry shown(String example) {
            return new Entry(names, summary, context -> withExample(spec(context), example), below, kind);
        }

        Entry with(Entry only) {
            return new Entry(names, summary, command, List.of(only), kind);
        }

        /// Returns whether it or a command below it is part of the gateway.
        boolean hasLate() {
            return kind == Kind.LATE || below.stream().anyMatch(Entry::hasLate);
        }

        boolean isCalled(String name) {
            return Arrays.asList(names.split(" ")).contains(name);
        }
    }

    /// Builds as much of the tree as this command line can reach.
    static CommandLine tree(Context context, String... args) {
        var root = new CommandLine(root(context.flags()));
        var asked = path(args);
        if (asked.isPresent()) root.addSubcommand(line(context, asked.get()));
        else if (isHelp(args)) ALL.forEach(entry -> root.addSubcommand(new CommandLine(entry.stub())));
        else ALL.forEach(entry -> root.addSubcommand(isWanted(entry, args) ? line(context, entry) : outline(entry)));
        return parsing(root);
    }

    /// Builds the whole tree.
    static CommandLine all(Context context) {
        var root = new CommandLine(root(context.flags()));
        ALL.forEach(entry -> root.addSubcommand(line(context, entry)));
        return parsing(root);
    }

    private static CommandLine parsing(CommandLine root) {
        // A prompt may start with @, an agent has flags of its own, and "user" is both a role and a command.
        return root.setExpandAtFiles(false).setAllowSubcommandsAsOptionParameters(true);
    }

    static CommandSpec root(GlobalFlags flags) {
        var root = CommandSpec.create().name("rpkai");
        root.usageMessage()
                .description("Launches coding agents and routes their model traffic through an AI Gateway.")
                .footer(
                        "",
                        "Examples:",
                        "  rpkai run claude -L demo --install-agent   # try it, no account needed",
                        "  rpkai auth login                           # sign in to your organisation",
                        "  rpkai llm list                             # list its providers",
                        "  rpkai run claude -L anthropic              # launch Claude Code");
        flags.addTo(root);
        return root;
    }

    private static CommandLine line(Context context, Entry entry) {
        var line = new CommandLine(entry.spec(context));
        entry.below.forEach(below -> line.addSubcommand(line(context, below)));
        return line;
    }

    /// Returns whether an entry is built completely for a command line that only a parser can read. The gateway is not
    /// compiled for one that does not name its commands.
    private static boolean isWanted(Entry entry, String... args) {
        return GatewayClasses.arePresent()
                || !entry.hasLate()
                || Arrays.stream(args).anyMatch(entry::isCalled);
    }

    /// A command and those below it, with their names only.
    private static CommandLine outline(Entry entry) {
        var line = new CommandLine(entry.stub());
        entry.below.forEach(below -> line.addSubcommand(outline(below)));
        return line;
    }

    /// The one command that the first words name, without any flags; empty if only a parser can tell.
    private static Optional<Entry> path(String... args) {
        return path(ALL, 0, args);
    }

    private static Optional<Entry> path(List<Entry> entries, int from, String... args) {
        int at = word(args, from);
        var entry = at < 0 ? Optional.<Entry>empty() : find(entries, args[at]);
        if (entry.isEmpty() || entry.get().below.isEmpty()) return entry;
        return entry.get().kind != Kind.GROUP && word(args, at + 1) < 0
                ? entry
                : path(entry.get().below, at + 1, args).map(entry.get()::with);
    }

    private static Optional<Entry> find(List<Entry> entries, String name) {
        return entries.stream().filter(entry -> entry.isCalled(name)).findFirst();
    }

    /// The position of the first word that is not a global flag; -1 if there is none, or if something else
    /// precedes it.
    private static int word(String[] args, int from) {
        for (int i = from; i < args.length; i++) {
            if (WITH_VALUE.contains(args[i])) i++;
            else if (!ALONE.contains(args[i])) return args[i].startsWith("-") ? -1 : i;
        }
        return -1;
    }

    private static boolean isHelp(String... args) {
        return args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"));
    }

    private static Entry accounts(String kind, String name, String summary) {
        return group(
                kind,
                summary,
                late("gateway %s add".formatted(kind), "add")
                        .shown("rpkai gateway %s add %s --role user".formatted(kind, name)),
                late("gateway %s list".formatted(kind), "list ls")
                        .shown("rpkai gateway %s list -o json".formatted(kind)),
                late("gateway %s update".formatted(kind), "update")
                        .shown("rpkai gateway %s update %s --new-key".formatted(kind, name)),
                late("gateway %s remove".formatted(kind), "remove rm")
                        .shown("rpkai gateway %s remove %s".formatted(kind, name)));
    }

    private static Entry[] launches() {
        return Agents.ALL.stream()
                .map(agent -> described(agent.name(), agent.summary(), context -> RunCommand.spec(context, agent)))
                .toArray(Entry[]::new);
    }

    /// Makes the command of a kind of resource: the subcommands that all kinds share come between its list and
    /// its own further subcommands. The kind is looked up late, because most command lines need none.
    private static Entry managed(
            String names,
            String summary,
            Supplier<ResourceKind> kind,
            String example,
            Function<CommandSpec, DraftFlags> create,
            Function<CommandSpec, DraftFlags> update,
            Entry list,
            Entry... more) {
        var common = Stream.of(
                list,
                described("get", context -> GetCommand.spec(context, kind.get()))
                        .shown(example),
                described("create", context -> CreateCommand.spec(context, kind.get(), create)),
                described("update", context -> UpdateCommand.spec(context, kind.get(), update)),
                described("delete rm", context -> DeleteCommand.spec(context, kind.get())),
                described("apply", context -> ApplyCommand.spec(context, kind.get())),
                described("diff", context -> DiffCommand.spec(context, kind.get())));
        return group(names, summary, Stream.concat(common, Stream.of(more)).toArray(Entry[]::new));
    }

    private static Entry[] explanations() {
        return Agents.ALL.stream()
                .map(agent -> described(agent.name(), context -> ExplainCommand.spec(context, agent)))
                .toArray(Entry[]::new);
    }

    private static Entry group(String names, String summary, Entry... below) {
        return new Entry(names, summary, _ -> named(CommandSpec.create(), names, summary), List.of(below), Kind.GROUP);
    }

    private static Entry leaf(String names, Function<Context, Object> command) {
        return leaf(names, "", command);
    }

    private static Entry leaf(String names, String summary, Function<Context, Object> command) {
        return new Entry(
                names,
                summary,
                context -> CommandSpec.forAnnotatedObject(command.apply(context)),
                List.of(),
                Kind.LEAF);
    }

    /// Makes an entry for a command that is part of the gateway.
    ///
    /// @param path the words that call it; the first one says which package has it
    private static Entry late(String path, String names) {
        return late(path, names, "");
    }

    private static Entry late(String path, String names, String summary) {
        var type = switch (path.split(" ")[0]) {
            case "gateway" -> "lib.cli.gateway.GatewayCommands";
            case "secret" -> "lib.cli.secret.SecretCommands";
            default -> "lib.cli.usage.UsageCommands";
        };
        return new Entry(
                names,
                summary,
                context ->
                        CommandSpec.forAnnotatedObject(GatewayClasses.create(LateCommands.class, type, hostOf(context))
                                .command(path, context)),
                List.of(),
                Kind.LATE);
    }

    /// The machine of a context; that of the process for commands that are only described.
    private static Host hostOf(Context context) {
        return Optional.ofNullable(context.host()).orElseGet(Host::unattended);
    }

    /// Makes an entry for a command that describes itself.
    private static Entry described(String names, Function<Context, CommandSpec> command) {
        return described(names, "", command);
    }

    private static Entry described(String names, String summary, Function<Context, CommandSpec> command) {
        return new Entry(names, summary, command, List.of(), Kind.LEAF);
    }

    /// Makes an entry for a command without flags or arguments of its own, and so without annotations. The most
    /// frequent commands are of this form.
    private static Entry plain(String names, String summary, String example, Function<Context, Runnable> command) {
        return new Entry(
                names,
                summary,
                context -> {
                    var spec = named(CommandSpec.wrapWithoutInspection(command.apply(context)), names, summary);
                    return withExample(spec, example);
                },
                List.of(),
                Kind.LEAF);
    }

    private static CommandSpec withExample(CommandSpec spec, String example) {
        spec.usageMessage().footer("", "Example:", "  " + example);
        return spec;
    }

    private static CommandSpec named(CommandSpec spec, String names, String summary) {
        var words = names.split(" ");
        spec.name(words[0])
                .aliases(Arrays.copyOfRange(words, 1, words.length))
                .usageMessage()
                .description(summary);
        return spec;
    }
}
