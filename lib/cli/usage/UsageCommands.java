package lib.cli.usage;

import lib.cli.base.Context;
import lib.cli.base.LateCommands;
import picocli.CommandLine.Model.CommandSpec;

/// Makes `rpkai usage`, `rpkai ui` and the commands below `rpkai budget`.
public final class UsageCommands implements LateCommands {
    @Override
    public CommandSpec spec(String path, Context context) {
        return switch (path) {
            case "usage" -> CommandSpec.forAnnotatedObject(new UsageCommand(context));
            case "ui" -> CommandSpec.forAnnotatedObject(new UiCommand(context));
            case "budget set" -> CommandSpec.forAnnotatedObject(new BudgetCommand.Set(context));
            case "budget create" -> CommandSpec.forAnnotatedObject(new NamedBudgetCommand.Create(context));
            case "budget get" -> CommandSpec.forAnnotatedObject(new NamedBudgetCommand.Get(context));
            case "budget list" -> BudgetCommand.List.spec(context);
            case "budget update" -> CommandSpec.forAnnotatedObject(new NamedBudgetCommand.Update(context));
            case "budget delete" -> CommandSpec.forAnnotatedObject(new BudgetCommand.Delete(context));
            default -> throw LateCommands.unknown(path);
        };
    }
}
