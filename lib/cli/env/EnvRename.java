package lib.cli.env;

import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `rpkai env rename`.
@Command(
        name = "rename",
        aliases = "mv",
        description = "Renames an environment; the current one stays selected.",
        footer = {"", "Example:", "  rpkai env rename prod production"})
public final class EnvRename implements Runnable {
    @Parameters(index = "0", paramLabel = "ENVIRONMENT", description = "The current name.")
    String name;

    @Parameters(index = "1", paramLabel = "NEW", description = "The new name.")
    String other;

    private final Context context;

    public EnvRename(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        if (other.isBlank())
            throw UserError.usage("the name of the environment is missing", "run rpkai env rename OLD NEW");
        ConfigFile.update(context.settings(true).configFile(), file -> {
            EnvironmentNames.configured(name, file);
            if (file.profiles().containsKey(other))
                throw new UserError(
                        "environment \"%s\" already exists".formatted(other),
                        "choose another name, or run rpkai env delete " + other);
            return file.renamed(name, other);
        });
        context.host().err().println("Environment \"%s\" is now \"%s\".".formatted(name, other));
    }
}
