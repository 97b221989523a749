package lib.cli.base;

import lib.startup.GatewayClasses;
import picocli.CommandLine.Model.CommandSpec;

/// Commands that are part of the gateway, see [GatewayClasses]: the command line knows them by their names.
///
///     GatewayClasses.create(LateCommands.class, "lib.cli.usage.UsageCommands", host).spec("usage", context)
public interface LateCommands {
    /// Makes a command.
    ///
    /// @param path the words that call it, such as `secret set`
    CommandSpec spec(String path, Context context);

    /// The error of an implementation that does not have that command.
    static IllegalArgumentException unknown(String path) {
        return new IllegalArgumentException("no command " + path);
    }
}
