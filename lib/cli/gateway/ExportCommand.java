package lib.cli.gateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lib.base.Host;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.config.OutputFormat;
import lib.database.SqliteDatabase;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.gateway.transfer.GatewayExport;
import lib.usage.store.UsageTransfer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai gateway export`: writes a gateway's state and usage to a file, for `rpkai gateway import`.
@Command(
        name = "export",
        description = {
            "Writes the state and usage of a gateway to a file.",
            "A gateway may run meanwhile. Before the last export stop it, or later calls are missing."
        },
        footer = {"", "Example:", "  rpkai gateway export gateway.export --export-key-file export.key"})
public final class ExportCommand implements Runnable {
    @Parameters(paramLabel = "FILE", description = "The file to write. Only its owner can read it.")
    Path file;

    @Mixin
    ExportKeyOption key;

    @Mixin
    GatewayStateOption state;

    @Mixin
    SealingKeyOption sealingKey;

    @Mixin
    UsageStoreOption usage;

    @Option(names = "--no-usage", description = "Leave out the usage. Budgets are exported anyway.")
    boolean noUsage;

    @Option(names = "--force", description = "Replace the file if it exists.")
    boolean force;

    private final Context context;

    public ExportCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        var target = host.cwd().resolve(file);
        var location = state.location(sealingKey.source(host), host);
        if (location instanceof StateLocation.Folder(var folder) && !Files.exists(folder.resolve("state.db")))
            throw new UserError(
                    "there is no state of a gateway in %s".formatted(folder), "pass its folder or URL with --state");
        if (Files.exists(target) && !force)
            throw new UserError("%s exists already".formatted(target), "choose another file, or pass --force");
        var exportKey = key.read(host);
        var store = usageStore(location, host);
        var tables = noUsage ? UsageTransfer.BUDGETS : UsageTransfer.TABLES;
        try (var open = GatewayState.open(location, host, SecretVariables.USUAL)) {
            Map<String, Long> rows;
            try (var wait = context.progress().on("Exporting")) {
                rows = new GatewayExport(open, store, tables, wait::now).to(target, exportKey);
            }
            print(context, "Exported %s to %s.".formatted(summary(rows), target), result(target, rows));
        } finally {
            store.ifPresent(UsageTransfer::close);
        }
    }

    /// Returns the usage store; empty if no gateway has written usage yet.
    private Optional<UsageTransfer> usageStore(StateLocation location, Host host) {
        var database = usage.database(location, host);
        if (database instanceof SqliteDatabase sqlite && !Files.exists(sqlite.file())) {
            if (usage.isGiven(host))
                throw new UserError(
                        "there is no usage store %s".formatted(sqlite.file()), "check the path in --usage-store");
            return Optional.empty();
        }
        return Optional.of(new UsageTransfer(database, host.clock()));
    }

    /// Returns the result for scripts.
    static ObjectNode result(Path file, Map<String, Long> rows) {
        var result = JsonNodeFactory.instance.objectNode().put("file", file.toString());
        var counts = result.putObject("rows");
        rows.forEach(counts::put);
        return result;
    }

    /// Prints a sentence for people, or the result for scripts.
    static void print(Context context, String sentence, ObjectNode result) {
        var format = context.settings(true).format();
        if (format == OutputFormat.TABLE || format == OutputFormat.WIDE)
            context.host().err().println(sentence);
        else Output.object(context, format, result);
    }

    /// Returns a list such as `2 providers, 1 secret and 1,000 rows of usage`.
    static String summary(Map<String, Long> rows) {
        var parts = new ArrayList<String>();
        count(parts, rows, "provider", "provider", "providers");
        count(parts, rows, "mcp_server", "MCP server", "MCP servers");
        count(parts, rows, "secret", "secret", "secrets");
        count(parts, rows, "account", "account", "accounts");
        count(parts, rows, "signin", "sign-in", "sign-ins");
        count(parts, rows, "budget", "budget", "budgets");
        var usage = rows.entrySet().stream()
                .filter(entry -> UsageTransfer.TABLES.stream()
                        .filter(table -> !UsageTransfer.BUDGETS.contains(table))
                        .anyMatch(table -> table.name().equals(entry.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
        add(parts, usage, "row of usage", "rows of usage");
        if (parts.size() < 2) return parts.isEmpty() ? "an empty state" : parts.getFirst();
        var last = parts.removeLast();
        return String.join(", ", parts) + " and " + last;
    }

    private static void count(List<String> parts, Map<String, Long> rows, String table, String one, String more) {
        add(parts, rows.getOrDefault(table, 0L), one, more);
    }

    private static void add(List<String> parts, long number, String one, String more) {
        if (number > 0) parts.add(String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : more));
    }
}
