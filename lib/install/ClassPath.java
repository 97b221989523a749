package lib.install;

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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import lib.UserError;

/// The jars that rpkai consists of, in their order.
///
///     ClassPath.ofThisProcess().copyTo(folder)
record ClassPath(List<Path> jars) {
    static ClassPath ofThisProcess() {
        var entries = Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))).filter(e -> !e.isEmpty()).map(e -> Path.of(e).toAbsolutePath()).toList();
        if (entries.isEmpty() || !entries.stream().allMatch(Files::isRegularFile)) {
            throw new UserError("this rpkai does not run from jars, so there is nothing to copy", "run it through JBang: ./jbang rpkai.java install");
        }
        return new ClassPath(entries);
    }

    /// The jars below a version's folder, as they were written down by [#copyTo].
    static ClassPath in(Path folder) throws IOException {
        return new ClassPath(Files.readAllLines(folder.resolve("classpath")).stream().map(folder::resolve).toList());
    }

    /// Copies the jars. A folder holds one of each name, whatever folders they came from.
    ClassPath copyTo(Path folder) throws IOException {
        for (int i = 0; i < jars.size(); i++) OldClasses.renew(jars.get(i), folder.resolve(name(i)));
        Files.write(folder.resolve("classpath"), IntStream.range(0, jars.size()).mapToObj(this::name).toList());
        return in(folder);
    }

    /// Two that hold the same files have the same; when those were built is no difference.
    String digest() throws IOException {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var jar : jars) {
                sha.update(jar.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                try (var zip = new ZipFile(jar.toFile())) {
                    zip.stream().map(e -> "\n%s %x %d".formatted(e.getName(), e.getCrc(), e.getSize())).sorted().forEach(line -> sha.update(line.getBytes(StandardCharsets.UTF_8)));
                }
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private String name(int index) {
        return "%02d-%s".formatted(index, jars.get(index).getFileName());
    }
}
