package lib.cli.completion;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import lib.api.DidYouMean;
import lib.api.ResourceKind;
import lib.api.resource.Models;
import lib.api.resource.Resources;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.ConfigFile;
import lib.install.RunningProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai completion`.
@Command(
        name = "completion",
        description = "Prints a shell script that completes rpkai's commands and options.",
        footer = {
            "",
            "Add the line for your shell, below, to its start-up file. The script also "
                    + "completes the names of the gateway's providers, models, servers and "
                    + "environments; these are at most a minute old.",
            "",
            "Examples:",
            "  source <(rpkai completion bash)   # ~/.bashrc",
            "  source <(rpkai completion zsh)    # ~/.zshrc, after compinit",
            "  rpkai completion fish | source    # ~/.config/fish/config.fish"
        })
public final class CompletionCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    @Parameters(arity = "0..1", paramLabel = "bash|zsh|fish", description = "The shell.")
    String shell;

    @Option(names = "--names", hidden = true)
    String kind;

    @Option(names = "--for", hidden = true)
    String of = "";

    @Option(names = "--refresh", hidden = true)
    boolean refresh;

    private final Context context;

    private final Supplier<CommandSpec> commands;

    /// @param commands the whole tree of commands
    public CompletionCommand(Context context, Supplier<CommandSpec> commands) {
        this.context = context;
        this.commands = commands;
    }

    @Override
    public void run() {
        if (kind != null) {
            names();
            return;
        }
        if (shell == null) throw UserError.usage("no shell is given", "name one of " + String.join(", ", SHELLS));
        var tree = CompletedCommand.of(commands.get());
        context.host()
                .out()
                .print(
                        switch (shell) {
                            case "bash" -> ShellCompletion.bash(tree);
                            case "zsh" -> ShellCompletion.zsh(tree);
                            case "fish" -> FishCompletion.script(tree);
                            default ->
                                throw UserError.usage(
                                        "there is no completion for the shell \"%s\"".formatted(shell),
                                        DidYouMean.hint(shell, SHELLS, "name one of " + String.join(", ", SHELLS)));
                        });
    }

    /// Prints names while the user types a command line. Nothing is printed on stderr, which would appear in
    /// the middle of that line.
    private void names() {
        var flags = context.flags();
        var names = CachedNames.of(
                context.host(),
                flags.config().orElse(null),
                flags.profile().orElse(null),
                flags.endpoint().orElse(null));
        // A failure is cached too, so that the same request is not repeated at every key.
        names.write(refresh ? tolerantly(this::gather) : soon(this::gather));
        if (!refresh) names.print(context.host().out(), kind, of);
    }

    /// Returns the names that arrive while the user can wait. Otherwise a background process gets them, for the
    /// next Tab.
    private List<CachedNames.Name> soon(Supplier<List<CachedNames.Name>> gathered) {
        var asked = CompletableFuture.supplyAsync(
                gathered, task -> Thread.ofPlatform().daemon().start(task));
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            RunningProgram.runBehind(context.host(), again());
        } catch (ExecutionException e) {
            // Without a gateway, completion offers nothing.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private List<String> again() {
        var words = new ArrayList<>(List.of("completion", "--refresh", "--names", kind, "--for", of));
        context.flags().config().ifPresent(config -> words.addAll(List.of("-c", config)));
        context.flags().profile().ifPresent(profile -> words.addAll(List.of("-p", profile)));
        context.flags().endpoint().ifPresent(endpoint -> words.addAll(List.of("-s", endpoint)));
        return words;
    }

    private List<CachedNames.Name> gather() {
        // The embedded gateway is asked without any output.
        var configured = context.settings();
        var settings = configured.wantsEmbeddedGateway() ? context.settings(true) : configured;
        var names = new ArrayList<CachedNames.Name>();
        ConfigFile.read(settings.configFile())
                .profiles()
                .forEach((name, profile) -> names.add(new CachedNames.Name(
                        "ENVIRONMENT", name, profile.gatewayUrl().orElse(""), List.of())));
        try (var session = context.session(settings)) {
            var connect = session.connect(context.host(), context.http(), settings);
            var offered = new OfferedNames(new Resources(connect, ResourceKind.LLM).list());
            names.addAll(offered.providers());
            tolerantly(() -> new Resources(connect, ResourceKind.MCP).list())
                    .forEach(server ->
                            names.add(new CachedNames.Name("SERVER", server.name(), server.typeLabel(), List.of())));
            names.addAll(
                    offered.models(tolerantly(() -> new Models(connect).list(Optional.empty(), Optional.empty()))));
        } catch (UserError e) {
            // Environments can be offered even without a gateway.
        }
        return names;
    }

    private static <T> List<T> tolerantly(Supplier<List<T>> list) {
        try {
            return list.get();
        } catch (UserError e) {
            return List.of();
        }
    }
}
