package lib.cli.connect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.agents.claude.ClaudeCode;
import lib.agents.codex.Codex;
import lib.api.DidYouMean;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.ProxyUrl;
import lib.api.ResourceKind;
import lib.api.resource.Resources;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.TypeFlag;
import lib.config.AuthMode;
import lib.config.OutputFormat;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai connect`: prints snippets for the configuration of any client.
@Command(
        name = "connect",
        description = "Prints the configuration that lets a client use a provider or an MCP server.",
        footer = {
            "",
            "The printed text contains no token: the client runs rpkai auth token.",
            "",
            "Examples:",
            "  rpkai connect anthropic",
            "  rpkai connect openai --client python -m gpt-6 > hello.py",
            "  rpkai connect --server github --client claude"
        })
public final class ConnectCommand implements Runnable {
    /// The placeholder where no model is known.
    private static final String SOME_MODEL = "MODEL";

    @Parameters(arity = "0..1", paramLabel = "PROVIDER", description = "The provider.")
    String name;

    @Option(
            names = "--server",
            paramLabel = "SERVER",
            description = "Connect to this MCP server instead of a provider.")
    String server;

    @Option(
            names = "--client",
            paramLabel = "curl|python|node|claude|codex",
            description = "Print only the text for this client.")
    String client;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "The model to use. Default: the first model of the provider.")
    String model;

    private final Context context;
    private final TypeFlag type =
            new TypeFlag("--provider-type", "The provider's type; needed if you may not read the provider.");

    private ConnectCommand(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new ConnectCommand(context);
        return CommandSpec.forAnnotatedObject(command).addOption(command.type.option());
    }

    @Override
    public void run() {
        var settings = context.settings();
        if (settings.wantsEmbeddedGateway())
            throw new UserError(
                    "the embedded gateway runs only during a launch",
                    "run rpkai gateway, and select it with rpkai env add or --endpoint");
        if ((name == null) == (server == null))
            throw UserError.usage(
                    name == null ? "no provider or MCP server is given" : "both a provider and an MCP server are given",
                    "name a provider, or an MCP server with --server");
        if (server != null) {
            print(chosen(clients(settings)), settings);
            return;
        }
        var assumed = type.value();
        try (var session = context.session(settings)) {
            var provider = switch (session.providers().find(name)) {
                case Lookup.Found(var found) -> found;
                case Lookup.Unreadable(var why) ->
                    Provider.of(
                            name,
                            assumed.orElseThrow(() -> new UserError(
                                    "you may not read provider \"%s\" (%s)".formatted(name, why),
                                    "add its type, such as --provider-type anthropic")));
            };
            print(chosen(snippets(target(settings, session.url(), provider))), settings);
        }
    }

    /// Returns the snippets for an MCP server. The server is read to find out which header takes which token.
    private List<Snippet> clients(Settings settings) {
        try (var session = context.session(settings)) {
            var passthrough = new Resources(session.connect(context.host(), context.http(), settings), ResourceKind.MCP)
                    .get(server)
                    .at("remote.authConfig")
                    .has("tokenPassthrough");
            return new McpClients(
                            server,
                            ProxyUrl.ofServer(session.url(), server, false),
                            tokenCommand(settings),
                            passthrough)
                    .all();
        }
    }

    private ConnectTarget target(Settings settings, URI gateway, Provider provider) {
        var chosen =
                Optional.ofNullable(model).or(() -> provider.models().stream().findFirst());
        if (chosen.isEmpty())
            context.host()
                    .warn(("the provider allows all models: replace MODEL by one of them (rpkai model list "
                                    + "--provider-type %s)")
                            .formatted(Output.printable(provider.type().label())));
        return new ConnectTarget(
                ProxyUrl.of(gateway, provider.name()),
                provider.type(),
                provider.passthrough(),
                provider.region(),
                chosen.orElse(SOME_MODEL),
                tokenCommand(settings));
    }

    /// The command that prints a token. It repeats the flags that chose the environment, so that it works the
    /// same when another environment is current.
    private List<String> tokenCommand(Settings settings) {
        if (settings.authMode() == AuthMode.NONE) return List.of();
        var words = new ArrayList<>(List.of("rpkai"));
        context.flags()
                .config()
                .ifPresent(_ -> words.addAll(List.of(
                        "--config", settings.configFile().toAbsolutePath().toString())));
        context.flags().profile().ifPresent(profile -> words.addAll(List.of("--profile", profile)));
        words.addAll(List.of("auth", "token"));
        return words;
    }

    private static List<Snippet> snippets(ConnectTarget target) {
        if (target.type().spec().isEmpty())
            throw new UserError(
                    "this version does not support providers of type %s".formatted(target.type()),
                    "upgrade rpkai; the proxy URL is " + target.proxy());
        var snippets = new ArrayList<>(List.of(Curl.of(target), Sdk.python(target), Sdk.node(target)));
        if (ClaudeCode.TYPES.contains(target.type())) snippets.add(ClaudeSnippet.claude(target));
        if (Codex.TYPES.contains(target.type())) snippets.add(ClaudeSnippet.codex(target));
        return snippets;
    }

    private List<Snippet> chosen(List<Snippet> snippets) {
        if (client == null) return snippets;
        var clients = snippets.stream().map(Snippet::client).toList();
        if (!clients.contains(client))
            throw UserError.usage(
                    "there is no client \"%s\" for this %s".formatted(client, server == null ? "provider" : "server"),
                    DidYouMean.hint(client, clients, "use one of " + String.join(", ", clients)));
        return snippets.stream()
                .filter(snippet -> snippet.client().equals(client))
                .toList();
    }

    private void print(List<Snippet> snippets, Settings settings) {
        var out = context.host().out();
        if (settings.format() == OutputFormat.JSON || settings.format() == OutputFormat.YAML) {
            var objects = JsonNodeFactory.instance.arrayNode();
            snippets.forEach(snippet -> objects.addObject()
                    .put("client", snippet.client())
                    .put("title", snippet.title())
                    .put("text", snippet.text()));
            Output.list(context, settings.format(), List.of(), List.of(), objects);
        } else if (client != null) {
            snippets.forEach(snippet -> out.print(snippet.text()));
        } else {
            for (var snippet : snippets) {
                var heading = settings.format() == OutputFormat.MARKDOWN
                        ? "### %s%n%n```%n%s```%n"
                        : context.style().bold("--- %s") + "%n%n%s";
                out.println(heading.formatted(snippet.title(), snippet.text()));
            }
        }
    }
}
