package lib.cli.llm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import lib.cli.Context;
import lib.cli.Output;
import lib.config.OutputFormat;
import lib.providers.Kind;
import lib.providers.Provider;
import lib.providers.Resources;

/// `rpkai llm list`.
public final class LlmList implements Runnable {
    private static final List<String> COLUMNS = List.of("NAME", "TYPE", "ENABLED", "MODELS");
    private static final List<String> WIDE = List.of("NAME", "TYPE", "ENABLED", "MODELS", "CREDENTIAL", "REGION", "DISPLAY NAME", "URL");

    private final Context context;

    public LlmList(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var settings = context.settings();
        try (var session = context.session(settings)) {
            if (settings.format() == OutputFormat.JSON || settings.format() == OutputFormat.YAML) {
                var objects = JsonNodeFactory.instance.arrayNode();
                new Resources(session.connect(context.host(), context.http(), settings), Kind.LLM).list().forEach(provider -> objects.add(provider.json()));
                Output.list(context, settings.format(), COLUMNS, List.of(), objects);
                return;
            }
            var wide = settings.format() == OutputFormat.WIDE;
            var rows = new ArrayList<List<String>>();
            for (var provider : session.providers().list()) rows.add(row(provider, wide));
            Output.list(context, settings.format(), wide ? WIDE : COLUMNS, rows, JsonNodeFactory.instance.arrayNode());
        }
    }

    private static List<String> row(Provider provider, boolean wide) {
        var row = new ArrayList<>(List.of(
                provider.name(), provider.type().label(), provider.enabled() ? "yes" : "no",
                provider.models().isEmpty() ? "any" : String.join(", ", provider.models())));
        if (wide) row.addAll(List.of(provider.passthrough() ? "the caller's" : "the gateway's", provider.region(), provider.displayName(), provider.url()));
        return row;
    }
}
