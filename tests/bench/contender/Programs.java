package tests.bench.contender;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds and starts the programs that are compared, and finds free ports for them.
///
///     Programs.find("nginx")   // /usr/sbin/nginx
public final class Programs {
    private Programs() {}

    /// Servers are not on everyone's `PATH`.
    public static Optional<String> find(String name) {
        var folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Arrays.stream(folders.split(Pattern.quote(File.pathSeparator)))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /// Starts a program that ends with this one, even if this one is told to end.
    static Process start(ProcessBuilder builder) throws IOException {
        var process = builder.start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }));
        return process;
    }

    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
