package tests.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import tests.support.AcceptLoop;

/// Puts TLS in front of a gateway without it, with an untrusted certificate that `keytool` made for the test.
///
///     try (var tls = new TlsFront(temp, URI.create(gateway.url()).getPort())) { … tls.url() … tls.pem() … }
final class TlsFront implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final SSLServerSocket server;
    private final int target;
    private final Path folder;

    /// @param target the loopback port behind it
    TlsFront(Path folder, int target) throws IOException, InterruptedException, GeneralSecurityException {
        this.folder = folder;
        this.target = target;
        keytool(
                "-genkeypair",
                "-alias",
                "own",
                "-dname",
                "CN=Corp CA",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-ext",
                "san=dns:localhost");
        keytool("-exportcert", "-alias", "own", "-rfc", "-file", "corp.pem");
        var keys = KeyStore.getInstance(folder.resolve("own.p12").toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        AcceptLoop.start(server, this::serve);
    }

    String url() {
        return "https://localhost:" + server.getLocalPort();
    }

    /// The certificate file that a company distributes so that its authority is trusted.
    Path pem() {
        return folder.resolve("corp.pem");
    }

    private void serve(Socket client) {
        try (client;
                var upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Thread.ofVirtual().start(() -> relay(client, upstream));
            upstream.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // The client does not trust the certificate, or has disconnected.
        }
    }

    private static void relay(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // Either side may end it.
        }
    }

    private void keytool(String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(Arrays.asList(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(Arrays.asList(args));
        command.addAll(Arrays.asList(
                "-keystore", "own.p12", "-storepass", PASSWORD, "-storetype", "PKCS12", "-J-XX:TieredStopAtLevel=1"));
        var log = Files.createTempFile(folder, "keytool", ".log");
        if (new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor()
                != 0) throw new IOException(Files.readString(log));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
