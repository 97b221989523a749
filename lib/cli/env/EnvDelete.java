package lib.cli.env;

import lib.base.UserError;
import lib.cli.base.Context;
import lib.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai env delete`.
@Command(
        name = "delete",
        aliases = "rm",
        description = "Deletes an environment from the config file.",
        footer = {
            "",
            "It does not ask for confirmation. It deletes nothing in the organisation.",
            "",
            "Example:",
            "  rpkai env delete old"
        })
public final class EnvDelete implements Runnable {
    @Parameters(paramLabel = "ENVIRONMENT", description = "The environment.")
    String name;

    @Option(names = "--force", description = "Delete the environment even if it is the current one.")
    boolean force;

    private final Context context;

    public EnvDelete(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var path = context.settings(true).configFile();
        var wasCurrent = ConfigFile.read(path).current().filter(name::equals).isPresent();
        ConfigFile.update(path, file -> {
            EnvironmentNames.configured(name, file);
            if (!force && file.current().filter(name::equals).isPresent())
                throw new UserError(
                        "environment \"%s\" is the current environment".formatted(name),
                        "run rpkai env use OTHER first, or add --force");
            return file.without(name);
        });
        context.host()
                .err()
                .println("Environment \"%s\" deleted.%s"
                        .formatted(name, wasCurrent ? " No environment is selected now: run rpkai env use NAME." : ""));
    }
}
