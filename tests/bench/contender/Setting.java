package tests.bench.contender;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import tests.support.OwnCertificate;

/// What all contenders of a table have in common.
///
///     setting.folder("nginx")   // a new one, for its files
///
/// @param home the folder of the run
/// @param upstream the URL of the upstream, `http` or `https`
/// @param certificate of the upstream, and of the contenders if clients use TLS
/// @param clientsUseTls whether the contenders themselves serve TLS
public record Setting(Path home, URI upstream, OwnCertificate certificate, boolean clientsUseTls) {
    public boolean upstreamUsesTls() {
        return upstream.getScheme().equals("https");
    }

    public Path folder(String name) throws IOException {
        return Files.createTempDirectory(home, name + "-");
    }

    /// Returns the URL of a contender that listens at the port.
    public URI at(int port) {
        return URI.create(clientsUseTls ? "https://localhost:" + port : "http://127.0.0.1:" + port);
    }
}
