package lib.cli.gateway;

import java.nio.file.Path;
import java.util.List;
import lib.base.Host;
import lib.gateway.management.definition.ManifestSet;
import lib.gateway.management.definition.ManifestWatch;
import lib.gateway.state.GatewayState;
import lib.usage.store.StoredBudgets;
import picocli.CommandLine.Option;

/// The manifests of `rpkai gateway`.
final class GatewayManifests {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Providers, MCP servers and budgets to make or change at the start and whenever the "
                    + "file changes: YAML as rpkai llm get, mcp get and budget list print it with -o yaml, "
                    + "or a folder of such files; may be repeated. What it doesn't name stays.")
    List<Path> files = List.of();

    /// Applies them, and again whenever they change until this is closed.
    ManifestWatch follow(GatewayState state, StoredBudgets budgets, Host host) {
        return ManifestWatch.start(
                new ManifestSet(files.stream().map(host.cwd()::resolve).toList()), state, budgets, host.err()::println);
    }
}
