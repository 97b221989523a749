package lib.cli.gateway;

import java.nio.file.Path;
import lib.cli.base.Context;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateLocation;
import lib.gateway.transfer.GatewayImport;
import lib.gateway.transfer.StateGuard;
import lib.usage.store.UsageTransfer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `rpkai gateway import`: reads the file of `rpkai gateway export`.
@Command(
        name = "import",
        description = {
            "Reads a file of rpkai gateway export into an empty state and usage store.",
            "If the import is interrupted, run the same command again: it continues where it stopped. Until then no "
                    + "gateway starts on the state."
        },
        footer = {"", "Example:", "  rpkai gateway import gateway.export --export-key-file export.key --state moved"})
public final class ImportCommand implements Runnable {
    @Parameters(paramLabel = "FILE", description = "The file of rpkai gateway export.")
    Path file;

    @Mixin
    ExportKeyOption key;

    @Mixin
    GatewayStateOption state;

    @Mixin
    SealingKeyOption sealingKey;

    @Mixin
    UsageStoreOption usage;

    private final Context context;

    public ImportCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        var source = host.cwd().resolve(file);
        var location = state.location(sealingKey.source(host), host);
        if (location instanceof StateLocation.Shared shared) shared.requireSealingKey();
        var exportKey = key.read(host);
        try (var _ = StateGuard.forImport(location);
                var open = GatewayState.open(location, host, SecretVariables.USUAL);
                var store = new UsageTransfer(usage.database(location, host), host.clock())) {
            GatewayImport.Result result;
            try (var wait = context.progress().on("Checking " + file)) {
                result = new GatewayImport(open, store, wait::now).from(source, exportKey);
            }
            var sentence = result.isNew()
                    ? "Imported %s.".formatted(ExportCommand.summary(result.rows()))
                    : "Nothing to do: %s was imported before.".formatted(source);
            ExportCommand.print(
                    context,
                    sentence,
                    ExportCommand.result(source, result.rows()).put("imported", result.isNew()));
        }
    }
}
