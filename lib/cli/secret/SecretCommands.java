package lib.cli.secret;

import lib.cli.base.Context;
import lib.cli.base.LateCommands;

/// Makes the commands below `rpkai secret`.
public final class SecretCommands implements LateCommands {
    @Override
    public Object command(String path, Context context) {
        return switch (path) {
            case "secret set" -> new SecretCommand.Set(context);
            case "secret remove" -> new SecretCommand.Remove(context);
            case "secret create" -> new SecretCommand.Create(context);
            case "secret get" -> new SecretCommand.Get(context);
            case "secret list" -> SecretCommand.Names.spec(context);
            case "secret update" -> new SecretCommand.Update(context);
            case "secret delete" -> new SecretCommand.Delete(context);
            case "secret rotate-key" -> new RotateKeyCommand(context);
            default -> throw LateCommands.unknown(path);
        };
    }
}
