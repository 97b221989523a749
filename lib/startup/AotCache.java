package lib.startup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An AOT cache: classes loaded, linked and partly initialised, as one run of the program left them.
///
///     AotTrainer.train(jdk, classPath, folder, AotCache.QUICK);
///
/// There are three, since the JVM takes in a whole cache at its start: what the shortest commands do not need
/// would double their time.
///
/// @see <a href="https://openjdk.org/jeps/514">JEP 514</a>
public enum AotCache {
    /// For `auth token` with a good cached token, `version`, `--help`, and the names that a shell completes a
    /// word with. Five milliseconds of Java are over before a compiler could help, and to start one takes one of
    /// them.
    QUICK("quick", "-Xint"),
    /// For `run` and `explain`.
    LAUNCHES("launches"),
    /// For everything else.
    COMMANDS("commands");

    public final String label;
    private final List<String> options;

    AotCache(String label, String... options) {
        this.label = label;
        this.options = List.of(options);
    }

    /// What the JVM is told that starts from it.
    ///
    /// @param folder where it is; one that is not there (yet) does no harm
    public List<String> options(Path folder) {
        var all = new ArrayList<>(Jdk.OPTIONS);
        all.addAll(options);
        all.add("-XX:AOTCache=" + in(folder));
        return all;
    }

    public Path in(Path folder) {
        return folder.resolve(label + ".aot");
    }
}
