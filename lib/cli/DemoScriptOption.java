package lib.cli;

import java.nio.file.Path;
import java.util.Optional;
import lib.Host;
import lib.gateway.DemoScript;
import picocli.CommandLine.Option;

/// What the demo model says: a file's script, else its own.
final class DemoScriptOption {
    static final String VARIABLE = "RPAI_DEMO_SCRIPT";

    @Option(names = "--demo-script", paramLabel = "FILE", description = "What the demo model says, a list of rules in YAML (" + VARIABLE + ").")
    String file;

    DemoScript script(Host host) {
        return script(host, Optional.ofNullable(file));
    }

    /// @throws lib.UserError where the file cannot be used
    static DemoScript script(Host host, Optional<String> given) {
        var file = given.or(() -> host.variable(VARIABLE)).map(Path::of).map(host.cwd()::resolve);
        return file.map(DemoScript::read).orElseGet(DemoScript::standard);
    }
}
