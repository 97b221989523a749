package lib.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import lib.Host;
import lib.Secret;
import lib.UserError;
import lib.config.Settings;
import lib.gateway.state.SecretName;
import lib.gateway.state.SecretVariables;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `rpkai secret`: the secrets of the gateway on this machine. There is no command that shows one.
final class SecretCommand {
    private static final int LONGEST = 1 << 16;

    private SecretCommand() {}

    @Command(name = "set", description = {"Keeps a secret for the gateway's providers, sealed.", "The value is asked for, or read from standard input."}, footer = {"", "Example:", "  rpkai secret set ANTHROPIC_API_KEY"})
    static final class Set implements Runnable {
        @Parameters(index = "0", paramLabel = "NAME", description = "What providers call it, such as ANTHROPIC_API_KEY.")
        String name;

        @Parameters(index = "1..*", hidden = true)
        List<String> values = List.of();

        @Mixin
        GatewayStateOption state;

        private final Context context;

        Set(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var host = context.host();
            // A value that was typed in the name's place is refused before anything is asked.
            SecretName.checked(name);
            if (!values.isEmpty()) throw UserError.usage("every process of this machine can read arguments: a value is none", "run rpkai secret set %s and enter the value, or send it to standard input".formatted(name));
            var value = value(host);
            try (var open = state.open(host)) {
                open.storedSecrets().set(name, value);
            }
            host.err().println("Secret %s is set.".formatted(name));
            if (host.variable(name).isPresent() && SecretVariables.USUAL.allow(name)) host.warn("a gateway that is started with the variable %s goes by that one".formatted(name));
        }

        private Secret value(Host host) {
            // From the terminal itself, which does not show it.
            if (host.interactive() && System.console() != null && System.console().isTerminal()) {
                var typed = System.console().readPassword("Value of %s (not shown): ", name);
                return new Secret(typed == null ? "" : new String(typed).strip());
            }
            try {
                var bytes = host.in().readNBytes(LONGEST + 1);
                if (bytes.length > LONGEST) throw new UserError("the value is longer than any key", "check what was sent to standard input");
                return new Secret(new String(bytes, StandardCharsets.UTF_8).strip());
            } catch (IOException e) {
                throw new UserError("cannot read the value from standard input", "pass it as in: rpkai secret set %s < file".formatted(name));
            }
        }
    }

    @Command(name = "list", aliases = "ls", description = "Lists the names of the secrets.", footer = {"", "Example:", "  rpkai secret list"})
    static final class Names implements Runnable {
        @Mixin
        GatewayStateOption state;

        private final Context context;

        Names(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var host = context.host();
            var settings = Settings.resolve(context.flags().flags(true), host);
            try (var open = state.open(host)) {
                var secrets = open.storedSecrets().list();
                var objects = JsonNodeFactory.instance.arrayNode();
                var rows = new ArrayList<List<String>>();
                for (var secret : secrets) {
                    var updated = secret.updated().truncatedTo(ChronoUnit.SECONDS).toString();
                    objects.addObject().put("name", secret.name()).put("updatedAt", updated);
                    rows.add(List.of(secret.name(), updated));
                }
                Output.list(context, settings.format(), List.of("NAME", "UPDATED"), rows, objects);
            }
        }
    }

    @Command(name = "delete", aliases = "rm", description = "Deletes a secret.", footer = {"", "Example:", "  rpkai secret delete ANTHROPIC_API_KEY"})
    static final class Delete implements Runnable {
        @Parameters(paramLabel = "NAME", description = "Which one.")
        String name;

        @Mixin
        GatewayStateOption state;

        private final Context context;

        Delete(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            SecretName.checked(name);
            try (var open = state.open(context.host())) {
                if (!open.storedSecrets().delete(name)) throw new UserError("there is no secret %s".formatted(name), "run rpkai secret list");
                context.host().err().println("Secret %s is deleted.".formatted(name));
                var users = open.providers().latest().values().stream().filter(provider -> provider.definition().findValues("apiKeyRef").toString().contains("\"" + name + "\"")
                        || provider.definition().path("bedrockConfig").path("staticCredentials").toString().contains("\"" + name + "\"")).map(provider -> provider.name()).toList();
                if (!users.isEmpty()) context.host().warn("still used by " + String.join(", ", users));
            }
        }
    }
}
