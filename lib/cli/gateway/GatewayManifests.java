package lib.cli.gateway;

import java.nio.file.Path;
import java.util.List;
import lib.base.Host;
import lib.gateway.management.definition.ManifestSet;
import lib.gateway.management.definition.ManifestWatch;
import lib.gateway.state.GatewayState;
import lib.usage.store.StoredBudgets;
import picocli.CommandLine.Option;

/// The manifest flags of `rpkai gateway`.
final class GatewayManifests {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A manifest of providers, MCP servers and budgets, or a folder of manifests. "
                    + "The gateway applies it at start-up and whenever it changes; resources that it "
                    + "does not list are left alone. The format is that of rpkai llm get, mcp get and "
                    + "budget list with -o yaml; may be repeated.")
    List<Path> files = List.of();

    /// Applies the manifests, and applies them again whenever they change, until the result is closed.
    ManifestWatch follow(GatewayState state, StoredBudgets budgets, Host host) {
        return ManifestWatch.start(
                new ManifestSet(files.stream().map(host.cwd()::resolve).toList()), state, budgets, host.err()::println);
    }
}
