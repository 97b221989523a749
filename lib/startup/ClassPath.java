package lib.startup;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import lib.base.UserError;

/// The jars that rpkai consists of, in their order.
///
///     SingleJar.of(ClassPath.ofThisProcess().jars(), target)
public record ClassPath(List<Path> jars) {
    public static ClassPath ofThisProcess() {
        var entries = Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(e -> !e.isEmpty())
                .map(e -> Path.of(e).toAbsolutePath())
                .toList();
        if (entries.isEmpty() || !entries.stream().allMatch(Files::isRegularFile)) {
            throw new UserError(
                    "this copy of rpkai does not run from JAR files, so it cannot be installed",
                    "run it through JBang: ./jbang rpkai.java install");
        }
        return new ClassPath(entries);
    }

    /// Returns the class path with another jar at its end.
    public ClassPath with(Optional<Path> jar) {
        return new ClassPath(Stream.concat(jars.stream(), jar.stream()).toList());
    }

    /// A digest of the jars' content. It does not depend on the time at which the jars were built.
    public String digest() throws IOException {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var jar : jars) {
                sha.update(jar.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                try (var zip = new ZipFile(jar.toFile())) {
                    zip.stream()
                            .map(e -> "\n%s %x %d".formatted(e.getName(), e.getCrc(), e.getSize()))
                            .sorted()
                            .forEach(line -> sha.update(line.getBytes(StandardCharsets.UTF_8)));
                }
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
