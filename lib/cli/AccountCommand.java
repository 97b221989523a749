package lib.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import lib.Secret;
import lib.UserError;
import lib.config.OutputFormat;
import lib.gateway.oidc.RoleRules;
import lib.gateway.state.Account;
import lib.gateway.state.Account.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai gateway user` and `rpkai gateway client`: whom the gateway's own issuer knows. They change the state that a
/// running gateway reads, and so need no sign-in but the right to read its files.
final class AccountCommand {
    private AccountCommand() {}

    @Command(name = "add", description = "Lets somebody in, and prints once what they sign in with.")
    static final class Add implements Runnable {
        @Parameters(paramLabel = "NAME", description = "An email, or any other name.")
        String name;

        @Option(names = "--role", paramLabel = "admin|user|invoker", description = "An admin may do everything, a user calls models and reads providers, an invoker calls models (default: user for people, invoker for clients).")
        String role;

        @Mixin
        GatewayStateOption state;

        private final Context context;
        private final Kind kind;

        Add(Context context, String kind) {
            this.context = context;
            this.kind = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        }

        @Override
        public void run() {
            var given = RoleRules.role(role != null ? role : kind == Kind.USER ? "user" : "invoker");
            try (var opened = state.open(context.host())) {
                show(context, kind, name, opened.accounts().add(kind, name, given));
            }
        }
    }

    @Command(name = "update", description = "Gives somebody another role, or another key.")
    static final class Update implements Runnable {
        @Parameters(paramLabel = "NAME", description = "Who.")
        String name;

        @Option(names = "--role", paramLabel = "admin|user|invoker", description = "The new role; it counts within a second.")
        String role;

        @Option(names = "--new-key", description = "Make and print another key; the old one, and every token, ends.")
        boolean newKey;

        @Mixin
        GatewayStateOption state;

        private final Context context;
        private final Kind kind;

        Update(Context context, String kind) {
            this.context = context;
            this.kind = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        }

        @Override
        public void run() {
            if (role == null && !newKey) throw UserError.usage("nothing to change", "say --role or --new-key");
            try (var opened = state.open(context.host())) {
                if (role != null) opened.accounts().setRole(kind, name, RoleRules.role(role));
                if (newKey) show(context, kind, name, opened.accounts().renew(kind, name));
                else context.host().err().println("%s is %s now.".formatted(name, role));
            }
        }
    }

    @Command(name = "remove", description = "Takes all access away from somebody, at once.")
    static final class Remove implements Runnable {
        @Parameters(paramLabel = "NAME", description = "Who.")
        String name;

        @Mixin
        GatewayStateOption state;

        private final Context context;
        private final Kind kind;

        Remove(Context context, String kind) {
            this.context = context;
            this.kind = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        }

        @Override
        public void run() {
            try (var opened = state.open(context.host())) {
                opened.accounts().remove(kind, name);
                context.host().err().println("%s has no access any more.".formatted(name));
            }
        }
    }

    @Command(name = "list", description = "Lists who has access.")
    static final class Names implements Runnable {
        @Mixin
        GatewayStateOption state;

        private final Context context;
        private final Kind kind;

        Names(Context context, String kind) {
            this.context = context;
            this.kind = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        }

        @Override
        public void run() {
            try (var opened = state.open(context.host())) {
                var accounts = opened.accounts().list(kind);
                var objects = JsonNodeFactory.instance.arrayNode();
                accounts.forEach(each -> objects.addObject().put("name", each.name()).put("role", role(each)).put("created", each.created().toString()));
                Output.list(context, context.settings(true).format(), List.of("NAME", "ROLE", "SINCE"), accounts.stream().map(each -> List.of(each.name(), role(each), each.created().toString())).toList(), objects);
            }
        }
    }

    private static String role(Account account) {
        return account.role().name().toLowerCase(Locale.ROOT);
    }

    /// The secret goes to standard output alone, so that it can be piped to where it is kept.
    private static void show(Context context, Kind kind, String name, Secret secret) {
        var host = context.host();
        var json = context.settings(true).format() == OutputFormat.JSON;
        switch (kind) {
            case USER -> {
                host.err().println("%s signs in with rpkai auth login and the gateway's URL, and on its page with this key. It is not shown again:".formatted(name));
                host.out().println(json ? JsonNodeFactory.instance.objectNode().put("name", name).put("key", secret.reveal()).toString() : secret.reveal());
            }
            case CLIENT -> {
                host.err().println("A program signs in with these variables, and with RPAI_ISSUER set to the gateway's URL. The secret is not shown again:");
                host.out().println(json ? JsonNodeFactory.instance.objectNode().put("name", name).put("secret", secret.reveal()).toString()
                        : "RPAI_SERVICE_ACCOUNT_ID=%s%nRPAI_SERVICE_ACCOUNT_SECRET=%s".formatted(name, secret.reveal()));
            }
        }
    }
}
