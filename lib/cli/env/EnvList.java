package lib.cli.env;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.api.resource.ListFields;
import lib.api.resource.Listing;
import lib.cli.base.Context;
import lib.cli.base.Output;
import lib.cli.manage.ListFlags;
import lib.config.AuthMode;
import lib.config.ConfigFile;
import lib.config.OutputFormat;
import lib.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `rpkai env list`.
@Command(
        name = "list",
        aliases = "ls",
        description = "Lists the environments in the config file and, if you are signed in, in the " + "organisation.",
        footer = {"", "Example:", "  rpkai env list --local"})
public final class EnvList implements Runnable {
    private static final List<String> COLUMNS = List.of("CURRENT", "NAME", "AI GATEWAY", "AUTH");

    @Option(names = "--local", description = "List only the environments in the config file.")
    boolean local;

    private static final ListFields FIELDS =
            ListFields.of("environment", "name", "id", "current", "aiGatewayUrl", "authMode");

    private final Context context;
    private final ListFlags flags = new ListFlags();

    private EnvList(Context context) {
        this.context = context;
    }

    public static CommandSpec spec(Context context) {
        var command = new EnvList(context);
        var spec = CommandSpec.forAnnotatedObject(command);
        command.flags.addTo(spec);
        return spec;
    }

    @Override
    public void run() {
        var query = flags.query();
        var settings = context.settings(true);
        var file = ConfigFile.read(settings.configFile());
        var wide = settings.format() == OutputFormat.WIDE;
        var rows = new IdentityHashMap<JsonNode, List<String>>();
        var objects = JsonNodeFactory.instance.arrayNode();
        file.profiles().forEach((name, profile) -> {
            var current = file.current().filter(name::equals).isPresent();
            var mode = profile.authMode().orElse(AuthMode.DEVICE.label());
            var url = profile.gatewayUrl().map(Settings::shown);
            var row = List.of(current ? "*" : "", name, url.orElse("(not ready)"), mode);
            var object = objects.addObject().put("name", name);
            rows.put(
                    object,
                    wide
                            ? with(
                                    row,
                                    profile.environmentId().orElse(""),
                                    profile.organization().orElse(""),
                                    profile.description().orElse(""))
                            : row);
            profile.environmentId().ifPresent(id -> object.put("id", id));
            object.put("current", current).put("ai_gateway_url", url.orElse("")).put("auth_mode", mode);
        });
        if (!local) {
            for (var live : EnvironmentNames.list(context, settings, file)) {
                if (file.profiles().values().stream()
                        .anyMatch(p -> p.environmentId().equals(Optional.of(live.id()))
                                || p.signIn().isPresent() && p.gatewayUrl().equals(live.gatewayUrl()))) continue;
                var row = List.of("", live.name(), live.gatewayUrl().orElse("(not ready)"), "device");
                var object = objects.addObject();
                rows.put(object, wide ? with(row, live.id(), "", "") : row);
                object.put("name", live.name())
                        .put("id", live.id())
                        .put("current", false)
                        .put("ai_gateway_url", live.gatewayUrl().orElse(""))
                        .put("auth_mode", "device");
            }
        }
        var listing = Listing.here(objects.valueStream().toList(), query, FIELDS);
        Output.list(
                context,
                settings.format(),
                wide ? with(COLUMNS, "ID", "ORGANIZATION", "DESCRIPTION") : COLUMNS,
                listing.items().stream().map(rows::get).toList(),
                listing.json());
        ListFlags.sayNext(context, listing);
    }

    private static List<String> with(List<String> cells, String... more) {
        return Stream.concat(cells.stream(), Stream.of(more)).toList();
    }
}
