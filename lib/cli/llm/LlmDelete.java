package lib.cli.llm;

import java.util.List;
import lib.cli.Context;
import lib.providers.LlmProviders;
import lib.providers.ProxyUrl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai llm delete`.
@Command(name = "delete", aliases = "rm", description = "Deletes providers; no question is asked.", footer = {"", "Example:", "  rpkai llm delete openai"})
public final class LlmDelete implements Runnable {
    @Parameters(paramLabel = "PROVIDER", arity = "1..*", description = "The providers.")
    List<String> names;

    @Option(names = "--dry-run", description = "Say what would be deleted, and delete nothing.")
    boolean dryRun;

    private final Context context;

    public LlmDelete(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        names.forEach(ProxyUrl::checked);
        var providers = new LlmProviders(context.writable(context.settings()));
        for (var name : names) {
            if (dryRun) providers.get(name);
            else providers.delete(name);
            context.host().err().println("Provider \"%s\" %s.".formatted(name, dryRun ? "would be deleted (dry run)" : "deleted"));
        }
    }
}
