package lib.startup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An AOT cache: classes that are loaded, linked and partly initialised, recorded in one run of the program.
///
///     AotTrainer.train(jdk, classPath, folder, AotCache.QUICK);
///
/// There are several caches, since the JVM reads a whole cache at its start: the classes that the shortest
/// commands don't need would double their time.
///
/// @see <a href="https://openjdk.org/jeps/514">JEP 514</a>
public enum AotCache {
    /// The cache for `auth token` with a good cached token, `version`, `--help`, and the names that a shell
    /// completes a word with. These commands run five milliseconds of Java, too little for a compiler to help,
    /// and starting a compiler takes one of the five.
    QUICK("quick", Jdk.OPTIONS, "-Xint"),
    /// The cache for `run` and `explain`.
    LAUNCHES("launches", Jdk.OPTIONS),
    /// The cache for all other commands.
    COMMANDS("commands", Jdk.OPTIONS),
    /// The cache for the server of `rpkai gateway`. It also has profiles of the methods that serve requests, with
    /// which the optimising compiler begins at once. A cache that does not fit is not mentioned.
    SERVER("server", Jdk.SERVER_OPTIONS, "-Xlog:aot*=off", "-Xlog:cds*=off", "-D" + Jdk.SERVER + "=true");

    public final String label;
    /// The options of the training run.
    public final List<String> training;
    private final List<String> options;

    AotCache(String label, List<String> training, String... options) {
        this.label = label;
        this.training = training;
        this.options = List.of(options);
    }

    /// The options of a JVM that starts from this cache.
    ///
    /// @param folder the folder of the cache; a missing folder does no harm
    public List<String> options(Path folder) {
        var all = new ArrayList<>(training);
        all.addAll(options);
        all.add("-XX:AOTCache=" + in(folder));
        return all;
    }

    public Path in(Path folder) {
        return folder.resolve(label + ".aot");
    }
}
