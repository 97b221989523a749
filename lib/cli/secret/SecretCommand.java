package lib.cli.secret;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import lib.base.Secret;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.gateway.GatewayStateOption;
import lib.cli.gateway.SealingKeyOption;
import lib.cli.manage.ListFlags;
import lib.config.OutputFormat;
import lib.gateway.secret.SecretName;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai secret`: the secrets of a gateway. `set` and `remove` work on the gateway on this machine. No command
/// shows a value.
public final class SecretCommand {
    static final String PLACES = "The command uses the configured gateway, where only an administrator may run "
            + "it. Without a configured gateway, or with --local, it uses the gateway on this " + "machine.";

    private SecretCommand() {}

    @Command(
            name = "set",
            description = {
                "Stores an encrypted secret for the gateway on this machine.",
                "The value comes from a prompt or from standard input."
            },
            footer = {"", "Example:", "  rpkai secret set ANTHROPIC_API_KEY"})
    public static final class Set implements Runnable {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The name that providers refer to, such as ANTHROPIC_API_KEY.")
        String name;

        @Parameters(index = "1..*", hidden = true)
        List<String> values = List.of();

        @Mixin
        GatewayStateOption state;

        @Mixin
        SealingKeyOption sealingKey;

        private final Context context;

        public Set(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var host = context.host();
            // A value typed in place of the name is refused before any prompt or request.
            SecretName.storable(name);
            if (!values.isEmpty())
                throw UserError.usage(
                        "do not pass the secret as an argument, because other processes can see it",
                        "run rpkai secret set %s and enter the value, or send it to standard input".formatted(name));
            var value = SecretValue.read(name, host);
            var location = state.location(sealingKey.source(host), host);
            try (var open = GatewayState.open(location, host, SecretVariables.USUAL)) {
                open.storedSecrets().set(name, value);
            }
            host.err().println("Secret %s is set.".formatted(name));
            if (host.variable(name).isPresent() && SecretVariables.USUAL.allow(name))
                host.warn("environment variable %s overrides this secret".formatted(name));
        }
    }

    @Command(
            name = "remove",
            aliases = "rm",
            description = "Deletes a secret of the gateway on this machine.",
            footer = {"", "Example:", "  rpkai secret remove ANTHROPIC_API_KEY"})
    public static final class Remove implements Runnable {
        @Parameters(paramLabel = "NAME", description = "The name of the secret.")
        String name;

        @Mixin
        GatewayStateOption state;

        private final Context context;

        public Remove(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            SecretName.checked(name);
            try (var place = new SecretPlace.Local(state.open(context.host()))) {
                deleted(context, name, place);
            }
        }
    }

    @Command(
            name = "list",
            aliases = "ls",
            description = "Lists the names of the secrets.",
            footer = {"", PLACES, "", "Examples:", "  rpkai secret list", "  rpkai secret list --local"})
    public static final class Names implements Runnable {
        @Mixin
        SecretPlaceOption where;

        private final Context context;
        private final ListFlags flags = new ListFlags();

        private Names(Context context) {
            this.context = context;
        }

        public static CommandSpec spec(Context context) {
            var command = new Names(context);
            var spec = CommandSpec.forAnnotatedObject(command);
            command.flags.addTo(spec);
            return spec;
        }

        @Override
        public void run() {
            var query = flags.query();
            var settings = where.settings(context);
            try (var place = where.open(context, settings)) {
                var listing = place.list(query);
                var rows = listing.items().stream()
                        .map(secret -> List.of(
                                secret.path("name").asText(),
                                secret.path("updatedAt").asText()))
                        .toList();
                Output.list(context, settings.format(), List.of("NAME", "UPDATED"), rows, listing.json());
                ListFlags.sayNext(context, listing);
            }
        }
    }

    @Command(
            name = "get",
            description = "Shows a secret's name and times, but not its value.",
            footer = {"", PLACES, "", "Example:", "  rpkai secret get ANTHROPIC_API_KEY"})
    public static final class Get implements Runnable {
        @Parameters(paramLabel = "NAME", description = "The name of the secret.")
        String name;

        @Mixin
        SecretPlaceOption where;

        private final Context context;

        public Get(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            SecretName.checked(name);
            var settings = where.settings(context);
            try (var place = where.open(context, settings)) {
                Output.object(context, settings.format(), place.get(name));
            }
        }
    }

    /// The part that `create` and `update` have in common.
    abstract static class Write implements Runnable {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The name that providers refer to, such as ANTHROPIC_API_KEY.")
        String name;

        @Parameters(index = "1..*", hidden = true)
        List<String> values = List.of();

        @Option(
                names = "--value-file",
                paramLabel = "FILE",
                description = "A file with the value; - for standard input. Without this option the value "
                        + "comes from a prompt or from standard input.")
        String file;

        @Option(
                names = "--value",
                paramLabel = "VALUE",
                description = "The value itself. Prefer --value-file: other processes can see arguments.")
        String value;

        @Mixin
        SecretPlaceOption where;

        final Context context;

        Write(Context context) {
            this.context = context;
        }

        abstract ObjectNode write(SecretPlace place, Secret value);

        abstract String done();

        @Override
        public void run() {
            var host = context.host();
            SecretName.storable(name);
            if (!values.isEmpty())
                throw UserError.usage(
                        "do not pass the secret as an argument, because other processes can see it",
                        "enter it at the prompt, send it to standard input, or pass --value-file");
            if (value != null && file != null)
                throw UserError.usage("--value and --value-file exclude each other", "use --value-file");
            if (value != null)
                host.warn("other processes can see --value, and shells store it in their history: use "
                        + "--value-file, and replace this key if others use this machine");
            var settings = where.settings(context);
            var secret = value != null
                    ? new Secret(value.strip())
                    : file != null ? SecretValue.ofFile(file, name, host) : SecretValue.read(name, host);
            if (secret.reveal().isEmpty()) throw new UserError("the value is empty", "check its source");
            try (var place = where.open(context, settings)) {
                var written = write(place, secret);
                host.err().println("Secret %s is %s.".formatted(name, done()));
                if (settings.format() == OutputFormat.JSON || settings.format() == OutputFormat.YAML)
                    Output.object(context, settings.format(), written);
            }
        }
    }

    @Command(
            name = "create",
            description = "Creates a secret.",
            footer = {
                "",
                PLACES,
                "",
                "Examples:",
                "  rpkai secret create ANTHROPIC_API_KEY",
                "  rpkai secret create ANTHROPIC_API_KEY --value-file key.txt"
            })
    public static final class Create extends Write {
        public Create(Context context) {
            super(context);
        }

        @Override
        ObjectNode write(SecretPlace place, Secret value) {
            return place.create(name, value);
        }

        @Override
        String done() {
            return "created";
        }
    }

    @Command(
            name = "update",
            description = "Changes the value of a secret.",
            footer = {"", PLACES, "", "Example:", "  rpkai secret update ANTHROPIC_API_KEY --value-file -"})
    public static final class Update extends Write {
        public Update(Context context) {
            super(context);
        }

        @Override
        ObjectNode write(SecretPlace place, Secret value) {
            return place.update(name, value);
        }

        @Override
        String done() {
            return "updated";
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a secret and lists the providers and servers that still refer to it.",
            footer = {"", PLACES, "", "Example:", "  rpkai secret delete ANTHROPIC_API_KEY"})
    public static final class Delete implements Runnable {
        @Parameters(paramLabel = "NAME", description = "The name of the secret.")
        String name;

        @Mixin
        SecretPlaceOption where;

        private final Context context;

        public Delete(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            SecretName.checked(name);
            try (var place = where.open(context, where.settings(context))) {
                deleted(context, name, place);
            }
        }
    }

    private static void deleted(Context context, String name, SecretPlace place) {
        var users = place.delete(name);
        context.host().err().println("Secret %s is deleted.".formatted(name));
        if (!users.isEmpty()) context.host().warn(Output.printable("still used by " + String.join(", ", users)));
    }
}
