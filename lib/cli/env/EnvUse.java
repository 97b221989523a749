package lib.cli.env;

import java.util.stream.Stream;
import lib.cli.auth.EnvironmentPicker;
import lib.cli.base.Context;
import lib.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `rpkai env use`.
@Command(
        name = "use",
        description = "Selects the current environment.",
        footer = {"", "Example:", "  rpkai env use prod"})
public final class EnvUse implements Runnable {
    @Parameters(paramLabel = "ENVIRONMENT", description = "A name from rpkai env list, or the id of an environment.")
    String name;

    private final Context context;

    public EnvUse(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings(true);
        var file = ConfigFile.read(settings.configFile());
        if (file.profiles().containsKey(name)) {
            ConfigFile.update(settings.configFile(), f -> f.use(name));
            context.host().err().println("Environment: " + name);
            return;
        }
        var all = EnvironmentNames.list(context, settings, file);
        var live = all.stream()
                .filter(e -> e.name().equals(name) || e.id().equals(name))
                .findFirst()
                .orElseThrow(() -> EnvironmentNames.notFound(
                        name,
                        Stream.concat(
                                        file.profiles().keySet().stream(),
                                        all.stream().map(e -> e.name()))
                                .toList()));
        new EnvironmentPicker(context, settings)
                .use(live, EnvironmentNames.signedIn(settings, file).orElseThrow());
    }
}
