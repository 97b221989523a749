package lib.cli.env;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.cli.Context;
import lib.cli.Output;
import lib.config.AuthMode;
import lib.config.ConfigFile;
import lib.config.OutputFormat;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai env list`.
@Command(name = "list", aliases = "ls", description = "Lists the environments of the config file and, when signed in, the organisation's.", footer = {"", "Example:", "  rpkai env list --local"})
public final class EnvList implements Runnable {
    private static final List<String> COLUMNS = List.of("CURRENT", "NAME", "AI GATEWAY", "AUTH");

    @Option(names = "--local", description = "Only what the config file has.")
    boolean local;

    private final Context context;

    public EnvList(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings(true);
        var file = ConfigFile.read(settings.configFile());
        var wide = settings.format() == OutputFormat.WIDE;
        var rows = new ArrayList<List<String>>();
        var objects = JsonNodeFactory.instance.arrayNode();
        file.profiles().forEach((name, profile) -> {
            var current = file.current().filter(name::equals).isPresent();
            var mode = profile.authMode().orElse(AuthMode.DEVICE.label());
            var url = profile.gatewayUrl().map(Settings::shown);
            var row = List.of(current ? "*" : "", name, url.orElse("(not ready)"), mode);
            rows.add(wide ? with(row, profile.environmentId().orElse(""), profile.organization().orElse(""), profile.description().orElse("")) : row);
            var object = objects.addObject().put("name", name);
            profile.environmentId().ifPresent(id -> object.put("id", id));
            object.put("current", current).put("ai_gateway_url", url.orElse("")).put("auth_mode", mode);
        });
        if (!local) {
            for (var live : EnvironmentNames.list(context, settings, file)) {
                if (file.profiles().values().stream().anyMatch(p -> p.environmentId().equals(Optional.of(live.id())) || p.signIn().isPresent() && p.gatewayUrl().equals(live.gatewayUrl()))) continue;
                var row = List.of("", live.name(), live.gatewayUrl().orElse("(not ready)"), "device");
                rows.add(wide ? with(row, live.id(), "", "") : row);
                objects.addObject().put("name", live.name()).put("id", live.id()).put("current", false).put("ai_gateway_url", live.gatewayUrl().orElse("")).put("auth_mode", "device");
            }
        }
        Output.list(context, settings.format(), wide ? with(COLUMNS, "ID", "ORGANIZATION", "DESCRIPTION") : COLUMNS, rows, objects);
    }

    private static List<String> with(List<String> cells, String... more) {
        return Stream.concat(cells.stream(), Stream.of(more)).toList();
    }
}
