package lib.startup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import lib.base.Host;
import lib.base.PrivateFile;
import lib.base.UserError;
import lib.terminal.Progress;

/// The classes of the gateway. JBang does not compile them, because most commands do without: their sources are in
/// rpkai's jar, and they are compiled when a command first needs one, into a jar in the cache folder.
///
///     var gateways = GatewayClasses.create(LocalGateways.class, "lib.gateway.local.GatewaysOfLaunches", host);
///
/// In an installed rpkai they are part of the program, and nothing is compiled.
public final class GatewayClasses {
    /// A class that is always among them.
    private static final String ANY = "lib.gateway.EmbeddedGateway";

    /// The time for which the jar of another version of rpkai is kept.
    private static final Duration KEPT = Duration.ofDays(30);

    private static ClassLoader loader;

    private GatewayClasses() {}

    /// Makes an object of a class of the gateway. It compiles the gateway if that was never done.
    ///
    /// @param type the interface by which the launcher knows the class
    /// @param name the class, which has a public constructor without parameters
    /// @throws UserError if the classes can't be compiled here
    public static <T> T create(Class<T> type, String name, Host host) {
        try {
            return type.cast(Class.forName(name, true, loader(host))
                    .getDeclaredConstructor()
                    .newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /// Returns whether they can be used without being compiled first.
    public static synchronized boolean arePresent() {
        return loader != null || arePartOfTheProgram();
    }

    /// The jar with the compiled classes; empty if they are part of the program. It compiles them if that was never
    /// done.
    ///
    /// @throws UserError if they can't be compiled here
    public static Optional<Path> jar(Host host) {
        return arePartOfTheProgram() ? Optional.empty() : Optional.of(compiled(host));
    }

    private static boolean arePartOfTheProgram() {
        return GatewayClasses.class.getClassLoader().getResource(ANY.replace('.', '/') + ".class") != null;
    }

    private static synchronized ClassLoader loader(Host host) {
        if (loader == null) {
            var own = GatewayClasses.class.getClassLoader();
            loader = jar(host)
                    .<ClassLoader>map(jar -> new URLClassLoader("gateway", new URL[] {url(jar)}, own))
                    .orElse(own);
        }
        return loader;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Several processes may do this at the same time: the first one compiles, and the others wait for it.
    private static Path compiled(Host host) {
        var folder = host.cache().resolve("gateway");
        try (var program = new ZipFile(program().toFile())) {
            var jar = folder.resolve("gateway-" + key(program) + ".jar");
            if (Files.exists(jar)) return jar;
            try (var _ = Progress.of(host).on("Building the gateway, once")) {
                return PrivateFile.locked(folder.resolve("lock"), () -> {
                    if (!Files.exists(jar)) {
                        compile(program, jar);
                        forgetOthers(jar);
                    }
                    return jar;
                });
            }
        } catch (IOException e) {
            throw new UserError(
                    "cannot build the gateway in %s (%s: %s)"
                            .formatted(folder, e.getClass().getSimpleName(), e.getMessage()),
                    "check the owner and mode of the folder, and the space on the disk",
                    e);
        }
    }

    /// The jar that this class is from.
    private static Path program() {
        try {
            return Path.of(GatewayClasses.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the result depends on: rpkai's own files in the jar, which may have a user's script beside them, the
    /// versions of the libraries, and the compiler.
    private static String key(ZipFile program) {
        var key = new CRC32C();
        Stream.concat(
                        program.stream()
                                .filter(entry -> entry.getName().startsWith("lib/"))
                                .map(entry -> "%s %x %d".formatted(entry.getName(), entry.getCrc(), entry.getSize())),
                        Arrays.stream(classPath().split(Pattern.quote(File.pathSeparator)))
                                .map(entry -> String.valueOf(Path.of(entry).getFileName()))
                                .filter(name -> name.matches(".*-\\d.*")))
                .sorted()
                .forEach(line -> key.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return "%08x-%d".formatted(key.getValue(), Runtime.version().feature());
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static void compile(ZipFile program, Path jar) throws IOException {
        var compiler = Optional.ofNullable(ToolProvider.getSystemJavaCompiler())
                .orElseThrow(() -> new UserError(
                        "the gateway must be compiled once, and this Java has no compiler",
                        "set JAVA_HOME to a JDK of version " + Runtime.version().feature()));
        var sources = program.stream()
                .filter(entry -> entry.getName().matches("lib/.*\\.java"))
                .map(entry -> new Source(program, entry))
                .toList();
        var half = Files.createTempFile(jar.getParent(), jar.getFileName().toString(), ".half");
        try {
            Files.delete(half);
            compile(compiler, sources, half);
            Files.move(half, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static void compile(JavaCompiler compiler, List<Source> sources, Path jar) throws IOException {
        var options = List.of(
                "-classpath",
                program() + File.pathSeparator + classPath(),
                "-parameters",
                "-g",
                "-nowarn",
                "-proc:none",
                "-implicit:none",
                "-XDignore.symbol.file");
        var messages = new StringWriter();
        try (var zip = FileSystems.newFileSystem(jar, Map.of("create", "true"));
                var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(zip.getPath("/")));
            var isGood = compiler.getTask(messages, files, null, options, null, sources)
                    .call();
            if (!isGood) throw new IllegalStateException("the gateway does not compile:\n" + messages);
        }
    }

    /// A source file in the jar.
    private static final class Source extends SimpleJavaFileObject {
        private final ZipFile jar;
        private final ZipEntry entry;

        Source(ZipFile jar, ZipEntry entry) {
            super(URI.create("jar:///" + entry.getName()), JavaFileObject.Kind.SOURCE);
            this.jar = jar;
            this.entry = entry;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
            try (InputStream in = jar.getInputStream(entry)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    /// Deletes the jars of versions of rpkai that have not been built for a month.
    private static void forgetOthers(Path jar) throws IOException {
        try (var files = Files.list(jar.getParent())) {
            for (var file : files.filter(file -> file.getFileName().toString().startsWith("gateway-"))
                    .toList()) {
                var age = Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
                if (age.compareTo(KEPT) > 0) Files.deleteIfExists(file);
            }
        }
    }
}
