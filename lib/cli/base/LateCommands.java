package lib.cli.base;

import lib.startup.GatewayClasses;

/// Commands that are part of the gateway, see [GatewayClasses]: the command line knows them by their names.
///
///     GatewayClasses.create(LateCommands.class, "lib.cli.usage.UsageCommands", host).command("usage", context)
public interface LateCommands {
    /// Makes a command: an object with annotations, or a description.
    ///
    /// @param path the words that call it, such as `secret set`
    Object command(String path, Context context);

    /// The error of an implementation that does not have that command.
    static IllegalArgumentException unknown(String path) {
        return new IllegalArgumentException("no command " + path);
    }
}
