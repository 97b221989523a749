package lib.cli.gateway;

import java.util.Optional;
import lib.base.Host;
import lib.gateway.demo.DemoScript;
import picocli.CommandLine.Option;

/// The answers of the demo model: a script from a file, else its own.
final class DemoScriptOption {
    @Option(
            names = "--demo-script",
            paramLabel = "FILE",
            description = "What the demo model answers: a list of rules in YAML (" + DemoScript.VARIABLE + ").")
    String file;

    /// @throws lib.base.UserError when the file can't be used
    DemoScript script(Host host) {
        return DemoScript.of(host, Optional.ofNullable(file));
    }
}
