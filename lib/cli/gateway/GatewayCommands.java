package lib.cli.gateway;

import lib.cli.base.Context;
import lib.cli.base.LateCommands;
import picocli.CommandLine.Model.CommandSpec;

/// Makes `rpkai gateway` and the commands below it.
public final class GatewayCommands implements LateCommands {
    @Override
    public CommandSpec spec(String path, Context context) {
        return switch (path) {
            case "gateway" -> CommandSpec.forAnnotatedObject(new GatewayCommand(context));
            case "gateway user add" -> CommandSpec.forAnnotatedObject(new AccountCommand.Add(context, "user"));
            case "gateway user list" -> CommandSpec.forAnnotatedObject(new AccountCommand.Names(context, "user"));
            case "gateway user update" -> CommandSpec.forAnnotatedObject(new AccountCommand.Update(context, "user"));
            case "gateway user remove" -> CommandSpec.forAnnotatedObject(new AccountCommand.Remove(context, "user"));
            case "gateway client add" -> CommandSpec.forAnnotatedObject(new AccountCommand.Add(context, "client"));
            case "gateway client list" -> CommandSpec.forAnnotatedObject(new AccountCommand.Names(context, "client"));
            case "gateway client update" ->
                CommandSpec.forAnnotatedObject(new AccountCommand.Update(context, "client"));
            case "gateway client remove" ->
                CommandSpec.forAnnotatedObject(new AccountCommand.Remove(context, "client"));
            case "gateway export" -> CommandSpec.forAnnotatedObject(new ExportCommand(context));
            case "gateway import" -> CommandSpec.forAnnotatedObject(new ImportCommand(context));
            default -> throw LateCommands.unknown(path);
        };
    }
}
