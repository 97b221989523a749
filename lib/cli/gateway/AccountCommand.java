package lib.cli.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import lib.base.Secret;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.gateway.oidc.RoleRules;
import lib.gateway.state.Account;
import lib.gateway.state.Account.Kind;
import lib.gateway.state.StoredAccounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai gateway user` and `rpkai gateway client`: the accounts of the gateway's own issuer. The commands
/// change the state that a running gateway reads. They need no sign-in, only the right to read the gateway's
/// files.
public abstract sealed class AccountCommand implements Runnable {
    @Mixin
    GatewayStateOption state;

    final Context context;
    final Kind kind;

    private AccountCommand(Context context, String kind) {
        this.context = context;
        this.kind = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    }

    @Command(name = "add", description = "Adds access and prints the new key once.")
    public static final class Add extends AccountCommand {
        @Parameters(paramLabel = "NAME", description = "An email address or another name.")
        String name;

        @Option(
                names = "--role",
                paramLabel = "admin|user|invoker",
                description = "The role: an admin may do everything, a user may call models and read "
                        + "providers, an invoker may only call models (default: user for users, invoker "
                        + "for clients).")
        String role;

        public Add(Context context, String kind) {
            super(context, kind);
        }

        @Override
        public void run() {
            var given = RoleRules.role(role != null ? role : kind == Kind.USER ? "user" : "invoker");
            change(accounts -> show(name, accounts.add(kind, name, given)));
        }
    }

    @Command(name = "update", description = "Changes the role or the key.")
    public static final class Update extends AccountCommand {
        @Parameters(paramLabel = "NAME", description = "The name of the user or client.")
        String name;

        @Option(
                names = "--role",
                paramLabel = "admin|user|invoker",
                description = "The new role; it takes effect within a second.")
        String role;

        @Option(
                names = "--new-key",
                description = "Create and print a new key; the old key and all tokens become invalid.")
        boolean newKey;

        public Update(Context context, String kind) {
            super(context, kind);
        }

        @Override
        public void run() {
            if (role == null && !newKey) throw UserError.usage("nothing to change", "pass --role or --new-key");
            change(accounts -> {
                if (role != null) accounts.setRole(kind, name, RoleRules.role(role));
                if (newKey) show(name, accounts.renew(kind, name));
                else context.host().err().println("%s now has the role %s.".formatted(name, role));
            });
        }
    }

    @Command(name = "remove", description = "Removes all access within a second.")
    public static final class Remove extends AccountCommand {
        @Parameters(paramLabel = "NAME", description = "The name of the user or client.")
        String name;

        public Remove(Context context, String kind) {
            super(context, kind);
        }

        @Override
        public void run() {
            change(accounts -> {
                accounts.remove(kind, name);
                context.host().err().println("%s no longer has access.".formatted(name));
            });
        }
    }

    @Command(name = "list", description = "Lists names and roles.")
    public static final class Names extends AccountCommand {
        public Names(Context context, String kind) {
            super(context, kind);
        }

        @Override
        public void run() {
            try (var opened = state.open(context.host())) {
                var accounts = opened.accounts().list(kind);
                var objects = JsonNodeFactory.instance.arrayNode();
                accounts.forEach(each -> objects.addObject()
                        .put("name", each.name())
                        .put("role", role(each))
                        .put("created", each.created().toString()));
                Output.list(
                        context,
                        context.settings(true).format(),
                        List.of("NAME", "ROLE", "SINCE"),
                        accounts.stream()
                                .map(each -> List.of(
                                        each.name(), role(each), each.created().toString()))
                                .toList(),
                        objects);
            }
        }
    }

    final void change(Consumer<StoredAccounts> work) {
        try (var opened = state.open(context.host())) {
            work.accept(opened.accounts());
        }
    }

    private static String role(Account account) {
        return account.role().name().toLowerCase(Locale.ROOT);
    }

    /// Prints the secret. The secret alone is on standard output, so that it can be piped to the place where it
    /// is kept.
    final void show(String name, Secret secret) {
        var host = context.host();
        host.err()
                .println(
                        switch (kind) {
                            case USER ->
                                ("%s signs in with rpkai auth login and the gateway's URL, and enters this key "
                                                + "on the sign-in page. The key is not shown again:")
                                        .formatted(name);
                            case CLIENT ->
                                "A program signs in with these variables and with RPAI_ISSUER set to the "
                                        + "gateway's URL. The secret is not shown again:";
                        });
        switch (context.settings(true).format()) {
            case JSON, YAML ->
                Output.object(
                        context,
                        context.settings(true).format(),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("name", name)
                                .put(kind == Kind.USER ? "key" : "secret", secret.reveal()));
            default ->
                host.out()
                        .println(
                                kind == Kind.USER
                                        ? secret.reveal()
                                        : "RPAI_SERVICE_ACCOUNT_ID=%s%nRPAI_SERVICE_ACCOUNT_SECRET=%s"
                                                .formatted(name, secret.reveal()));
        }
    }
}
