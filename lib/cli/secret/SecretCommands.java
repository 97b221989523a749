package lib.cli.secret;

import lib.cli.base.Context;
import lib.cli.base.LateCommands;
import picocli.CommandLine.Model.CommandSpec;

/// Makes the commands below `rpkai secret`.
public final class SecretCommands implements LateCommands {
    @Override
    public CommandSpec spec(String path, Context context) {
        return switch (path) {
            case "secret set" -> CommandSpec.forAnnotatedObject(new SecretCommand.Set(context));
            case "secret remove" -> CommandSpec.forAnnotatedObject(new SecretCommand.Remove(context));
            case "secret create" -> CommandSpec.forAnnotatedObject(new SecretCommand.Create(context));
            case "secret get" -> CommandSpec.forAnnotatedObject(new SecretCommand.Get(context));
            case "secret list" -> SecretCommand.Names.spec(context);
            case "secret update" -> CommandSpec.forAnnotatedObject(new SecretCommand.Update(context));
            case "secret delete" -> CommandSpec.forAnnotatedObject(new SecretCommand.Delete(context));
            case "secret rotate-key" -> CommandSpec.forAnnotatedObject(new RotateKeyCommand(context));
            default -> throw LateCommands.unknown(path);
        };
    }
}
