package lib.cli.usage;

import lib.cli.base.Context;
import lib.cli.base.LateCommands;

/// Makes `rpkai usage`, `rpkai ui` and the commands below `rpkai budget`.
public final class UsageCommands implements LateCommands {
    @Override
    public Object command(String path, Context context) {
        return switch (path) {
            case "usage" -> new UsageCommand(context);
            case "ui" -> new UiCommand(context);
            case "budget set" -> new BudgetCommand.Set(context);
            case "budget create" -> new NamedBudgetCommand.Create(context);
            case "budget get" -> new NamedBudgetCommand.Get(context);
            case "budget list" -> BudgetCommand.List.spec(context);
            case "budget update" -> new NamedBudgetCommand.Update(context);
            case "budget delete" -> new BudgetCommand.Delete(context);
            default -> throw LateCommands.unknown(path);
        };
    }
}
