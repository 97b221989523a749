package lib.cli.self;

import lib.auth.SignOut;
import lib.cli.base.Context;
import lib.config.ConfigFile;
import lib.install.Installation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai uninstall`.
@Command(
        name = "uninstall",
        description = "Removes the installed command; keeps the config and the sign-in.",
        footer = {
            "",
            "It removes all versions, caches and the agents' temporary homes.",
            "",
            "Example:",
            "  rpkai uninstall --all"
        })
public final class UninstallCommand implements Runnable {
    @Option(names = "--all", description = "Remove the config and the sign-in too.")
    boolean all;

    private final Context context;

    public UninstallCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        if (all) {
            // A config that can't be read must be removed too.
            var settings = context.settings(true);
            SignOut.of(settings, host, context.http()).everywhere();
            ConfigFile.delete(settings.configFile());
        }
        // This comes last: no class can be loaded once the jars are gone.
        var command = Installation.of(host).uninstall(host.cache());
        host.err()
                .println(command.map(file -> "rpkai is uninstalled: %s has been removed.".formatted(file))
                        .orElse("rpkai was not installed."));
    }
}
