package lib.startup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Merges many jars into one. When a library looks for a class that does not exist (picocli looks for
/// Groovy's), the JVM opens every jar of the class path. There are more than sixty of them, and that alone
/// takes as long as a short command.
///
///     SingleJar.of(jars, folder.resolve("rpkai.jar"));
public final class SingleJar {
    /// Lists of names, one per line, that several jars have. Their lines are combined.
    private static final List<String> LISTS = List.of("META-INF/services/", "META-INF/helidon/manifest");

    private SingleJar() {}

    /// Writes the jars' files to `target`. Of two files with the same name the first is taken, as on a class
    /// path.
    public static void of(List<Path> jars, Path target) throws IOException {
        var urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) urls[i] = jars.get(i).toUri().toURL();
        var lists = new LinkedHashMap<String, ByteArrayOutputStream>();
        var seen = new HashSet<String>();
        try (var classes = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                var out = new ZipOutputStream(Files.newOutputStream(target))) {
            put(out, JarFile.MANIFEST_NAME, manifest(jars.getFirst()));
            var old = new StackMapUpgrader(classes);
            for (var jar : jars) {
                try (var zip = new ZipFile(jar.toFile())) {
                    for (var entry : zip.stream()
                            .filter(e -> !e.isDirectory() && counts(e.getName()))
                            .toList()) {
                        var name = entry.getName();
                        if (LISTS.stream().anyMatch(name::startsWith)) {
                            lists.computeIfAbsent(name, _ -> new ByteArrayOutputStream())
                                    .writeBytes(read(zip, entry));
                            lists.get(name).write('\n');
                        } else if (seen.add(name)) {
                            put(out, name, name.endsWith(".class") ? old.renew(read(zip, entry)) : read(zip, entry));
                        }
                    }
                }
            }
            for (var list : lists.entrySet())
                put(out, list.getKey(), list.getValue().toByteArray());
        }
    }

    /// Returns whether a file is copied. Signatures are not, since they belong to the original jars; nor are
    /// module descriptors, and the sources of [GatewayClasses], which are compiled by now.
    private static boolean counts(String name) {
        return !name.equals(JarFile.MANIFEST_NAME)
                && !name.endsWith("module-info.class")
                && !(name.startsWith("lib/") && name.endsWith(".java"))
                && !name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC|LIST)");
    }

    /// The manifest of the first jar, which contains the version.
    private static byte[] manifest(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            var manifest = file.getManifest() == null ? new Manifest() : file.getManifest();
            var main = manifest.getMainAttributes();
            main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
            main.put(Attributes.Name.MULTI_RELEASE, "true");
            main.remove(Attributes.Name.CLASS_PATH);
            var bytes = new ByteArrayOutputStream();
            manifest.write(bytes);
            return bytes.toByteArray();
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(bytes);
    }

    private static byte[] read(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
