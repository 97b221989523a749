package lib.cli.gateway;

import lib.cli.base.Context;
import lib.cli.base.LateCommands;

/// Makes `rpkai gateway` and the commands below it.
public final class GatewayCommands implements LateCommands {
    @Override
    public Object command(String path, Context context) {
        return switch (path) {
            case "gateway" -> new GatewayCommand(context);
            case "gateway user add", "gateway client add" -> new AccountCommand.Add(context, kind(path));
            case "gateway user list", "gateway client list" -> new AccountCommand.Names(context, kind(path));
            case "gateway user update", "gateway client update" -> new AccountCommand.Update(context, kind(path));
            case "gateway user remove", "gateway client remove" -> new AccountCommand.Remove(context, kind(path));
            case "gateway export" -> new ExportCommand(context);
            case "gateway import" -> new ImportCommand(context);
            default -> throw LateCommands.unknown(path);
        };
    }

    private static String kind(String path) {
        return path.split(" ")[1];
    }
}
