package lib.cli.self;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.Host;
import lib.base.UserError;
import lib.cli.base.Context;
import lib.install.InstallSource;
import lib.install.Installation;
import lib.launch.ScriptTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `rpkai new`.
@Command(
        name = "new",
        description = "Creates your own launch script from a template.",
        footer = {
            "",
            "Examples:",
            "  rpkai new my-claude",
            "  rpkai new my-claude --template launch-tested",
            "  rpkai new team --template providers"
        })
public final class NewCommand implements Runnable {
    private static final String CATALOGUE = "rpkai-library@org";

    @Parameters(paramLabel = "NAME", description = "The name of the script; it may be a path.")
    String name;

    @Option(
            names = "--template",
            paramLabel = "TEMPLATE",
            defaultValue = "launch",
            description = "launch, launch-tested or providers (default ${DEFAULT-VALUE}).")
    String template;

    @Option(
            names = "--library",
            paramLabel = "REF",
            description = "The library for the script's //SOURCES line: rpkai-library@ followed by the "
                    + "name of the catalogue, a path, or a URL. Default: where this rpkai came from, " + "or else "
                    + CATALOGUE + ".")
    String library;

    @Option(names = "--force", description = "Replace an existing file.")
    boolean force;

    private final Context context;

    public NewCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        var host = context.host();
        var target = host.cwd().resolve(name.replaceFirst("\\.(java|yaml)$", ""));
        var base = Optional.ofNullable(target.getFileName()).map(Path::toString).orElse("");
        if (!base.matches("[A-Za-z0-9_][A-Za-z0-9_-]*"))
            throw UserError.usage("\"%s\" is not a name for a script".formatted(base), "use letters, digits, - and _");
        var reference = Optional.ofNullable(library).orElseGet(() -> origin(host));
        // JBang accepts several files on one line.
        var files =
                ScriptTemplate.of(template).files(base, reference.contains(" ") ? '"' + reference + '"' : reference);
        files.keySet().stream()
                .map(target::resolveSibling)
                .filter(file -> !force && Files.exists(file))
                .findFirst()
                .ifPresent(file -> {
                    throw new UserError(
                            "%s already exists".formatted(file), "choose another name, or pass --force to replace it");
                });
        files.forEach((file, text) -> write(target.resolveSibling(file), text));
        files.keySet().forEach(file -> host.out().println(host.cwd().relativize(target.resolveSibling(file))));
        host.err().println("Edit the script; its first lines show how to run it.");
    }

    private static void write(Path file, String text) {
        try {
            if (file.getParent() != null) Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            if (file.toString().endsWith(".java")) file.toFile().setExecutable(true, false);
        } catch (IOException e) {
            throw new UserError(
                    "%s cannot be written (%s)".formatted(file, e),
                    "check the folder's owner and the space on its disk");
        }
    }

    /// The library at the place from which this rpkai was installed, or started.
    private static String origin(Host host) {
        return Installation.of(host)
                .state()
                .flatMap(Installation.State::source)
                .or(() -> InstallSource.find(host))
                .flatMap(NewCommand::library)
                .orElse(CATALOGUE);
    }

    private static Optional<String> library(String source) {
        if (source.startsWith("rpkai@")) return Optional.of("rpkai-library@" + source.substring("rpkai@".length()));
        return source.endsWith("/rpkai.java")
                ? Optional.of(source.replaceFirst("rpkai\\.java$", "catalog/Library.java"))
                : Optional.empty();
    }
}
