package tests.e2e.install;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tests.support.Repository;

/// The repository as an organisation publishes it: a copy of it, over HTTP.
///
///     try (var catalog = ServedCatalog.start(temp.resolve("served"))) { jbang("catalog", "add", "--name", "org",
///             catalog.url()); }
record ServedCatalog(HttpServer server) implements AutoCloseable {
    static ServedCatalog start(Path folder) throws IOException {
        copyTrackedFiles(folder);
        var server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                folder.toRealPath(),
                SimpleFileServer.OutputLevel.NONE);
        server.start();
        return new ServedCatalog(server);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jbang-catalog.json";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /// A clone of the working tree as it is now, uncommitted changes included.
    static void copyTrackedFiles(Path target) throws IOException {
        var root = Repository.root();
        for (var top :
                List.of("rpkai.java", "jbang", "jbang-catalog.json", "README.md", "CHANGELOG.md", "lib", "catalog")) {
            if (!Files.exists(root.resolve(top))) continue;
            try (var files = Files.walk(root.resolve(top))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var copy = target.resolve(root.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
