package lib.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import lib.UserError;
import lib.providers.Connect;
import lib.providers.LlmProvider;
import lib.providers.LlmProviders;
import lib.providers.Lookup;
import lib.providers.Provider;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm`: the providers of a gateway.
final class LlmCommand {
    static final class List implements Runnable {
        private final Context context;

        List(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings();
            try (var session = GatewaySession.open(context, settings)) {
                var providers = session.providers().list();
                var objects = JsonNodeFactory.instance.arrayNode();
                providers.forEach(provider -> objects.add(provider.toJson()));
                Output.list(context.host().out(), settings.format(), java.util.List.of("NAME", "TYPE", "ENABLED", "MODELS"), providers.stream().map(List::row).toList(), objects);
            }
        }

        private static java.util.List<String> row(Provider provider) {
            return java.util.List.of(
                    Output.printable(provider.name()), Output.printable(provider.type().label()), provider.enabled() ? "yes" : "no",
                    provider.models().isEmpty() ? "any" : Output.printable(String.join(", ", provider.models())));
        }
    }

    @Command(name = "get", description = "Shows one provider.", footer = {"", "Example:", "  rpkai llm get demo -o yaml"})
    static final class Get implements Runnable {
        @Parameters(paramLabel = "NAME", description = "The provider.")
        String name;

        private final Context context;

        Get(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings();
            try (var session = GatewaySession.open(context, settings)) {
                switch (session.providers().find(name)) {
                    case Lookup.Found(var provider) -> Output.object(context.host().out(), settings.format(), provider.toJson());
                    case Lookup.Unreadable(var why) -> throw new UserError("you may not read provider \"%s\" (%s)".formatted(name, why), "ask the gateway's administrator for the permission; rpkai run works without it");
                }
            }
        }
    }

    @Command(name = "update", description = "Enables or disables a provider.", footer = {"", "Example:", "  rpkai llm update anthropic --enabled=false"})
    static final class Update implements Runnable {
        @Parameters(paramLabel = "NAME", description = "The provider.")
        String name;

        @Option(names = "--enabled", arity = "0..1", fallbackValue = "true", paramLabel = "BOOL", description = "Whether the proxy serves it.")
        Boolean enabled;

        private final Context context;

        Update(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            if (enabled == null) throw UserError.usage("nothing to change", "say --enabled or --enabled=false");
            var settings = context.settings();
            if (settings.wantsEmbeddedGateway()) throw new UserError("the embedded gateway's providers are what this machine has", "run rpkai auth login to manage your organisation's");
            var change = LlmProvider.of(JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name)).put("enabled", enabled));
            var provider = new LlmProviders(new Connect(settings.gateway(), context.tokens(settings), context.http())).update(change, java.util.List.of("enabled")).provider();
            context.host().err().println("Provider \"%s\" is %s.".formatted(Output.printable(provider.name()), provider.enabled() ? "enabled" : "disabled"));
        }
    }
}
