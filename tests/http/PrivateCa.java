package tests.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A company's certificate authority, made with `keytool` for the test, and servers whose certificates it signed.
///
///     var ca = new PrivateCa(temp);
///     try (var server = ca.serve("localhost")) { … ca.pem() … }
public final class PrivateCa {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    public PrivateCa(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        keytool(
                "-genkeypair",
                "-keystore",
                "ca.p12",
                "-alias",
                "ca",
                "-dname",
                "CN=Corp CA",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-ext",
                "bc:c");
        Files.write(pem(), keytool("-exportcert", "-keystore", "ca.p12", "-alias", "ca", "-rfc"));
    }

    /// The authority's own certificate.
    public Path pem() {
        return folder.resolve("ca.pem");
    }

    /// A server for that host name that answers every request with `{}`.
    public Server serve(String host) throws IOException, InterruptedException, GeneralSecurityException {
        var store = host + ".p12";
        keytool(
                "-genkeypair",
                "-keystore",
                store,
                "-alias",
                "server",
                "-dname",
                "CN=" + host,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2");
        keytool("-certreq", "-keystore", store, "-alias", "server", "-file", "server.csr");
        keytool(
                "-gencert",
                "-keystore",
                "ca.p12",
                "-alias",
                "ca",
                "-infile",
                "server.csr",
                "-outfile",
                "server.pem",
                "-rfc",
                "-validity",
                "2",
                "-ext",
                "san=dns:" + host);
        keytool("-importcert", "-keystore", store, "-alias", "ca", "-file", "ca.pem", "-noprompt");
        keytool("-importcert", "-keystore", store, "-alias", "server", "-file", "server.pem", "-noprompt");
        var keys = KeyStore.getInstance(folder.resolve(store).toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        return new Server(server);
    }

    /// A running server.
    public record Server(HttpServer server) implements AutoCloseable {
        public int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private byte[] keytool(String... args) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(Arrays.asList(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(Arrays.asList(args));
        command.addAll(Arrays.asList("-storepass", PASSWORD, "-storetype", "PKCS12", "-J-XX:TieredStopAtLevel=1"));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var out = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0)
            throw new IOException(
                    "keytool failed: " + String.join(" ", command) + "\n" + new String(out, StandardCharsets.UTF_8));
        return out;
    }
}
