package tests.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The rest of the internet, for a network namespace that has none: every name resolves to it, every certificate
/// of its own authority is accepted by who trusts [#authority], and what it is sent is decrypted and kept.
///
///     try (var sinkhole = Sinkhole.open(folder)) { … sinkhole.received(); }
///
/// It needs ports 53, 80 and 443 on loopback: a namespace of the test's own.
public final class Sinkhole implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.66";
    private static final String PASSWORD = "changeit";
    private static final List<String> NAMES = List.of(
            "anthropic.com",
            "claude.ai",
            "claude.com",
            "openai.com",
            "chatgpt.com",
            "github.com",
            "githubusercontent.com",
            "amazonaws.com",
            "googleapis.com",
            "sentry.io",
            "datadoghq.com",
            "statsigapi.net",
            "npmjs.org");

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Path authority;
    private final DatagramSocket dns;
    private final HttpServer http;
    private final HttpsServer https;

    private Sinkhole(Path folder) throws IOException, GeneralSecurityException {
        var keys = folder.resolve("sinkhole.p12");
        authority = folder.resolve("sinkhole.pem");
        makeCertificate(keys);
        dns = new DatagramSocket(53, InetAddress.getByName("127.0.0.1"));
        Thread.ofPlatform().daemon().start(this::resolve);
        http = HttpServer.create(new InetSocketAddress(ADDRESS, 80), 64);
        https = HttpsServer.create(new InetSocketAddress(ADDRESS, 443), 64);
        https.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        for (var server : List.of(http, https)) {
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::keep);
            server.start();
        }
    }

    public static Sinkhole open(Path folder) throws IOException, GeneralSecurityException {
        return new Sinkhole(folder);
    }

    /// The PEM file of the authority whose certificates it shows.
    public Path authority() {
        return authority;
    }

    /// Every request it got, whole: host, request line, headers, body.
    public List<String> received() {
        return List.copyOf(received);
    }

    /// Every name that was looked up.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        dns.close();
        http.stop(0);
        https.stop(0);
    }

    private void keep(HttpExchange exchange) throws IOException {
        var text = new StringBuilder(exchange.getRequestHeaders().getFirst("Host"))
                .append(' ')
                .append(exchange.getRequestMethod())
                .append(' ')
                .append(exchange.getRequestURI())
                .append('\n');
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        text.append(name).append(": ").append(values).append('\n'));
        text.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
        received.add(text.toString());
        exchange.sendResponseHeaders(404, -1);
        exchange.close();
    }

    /// Answers every question for an address with our own, and every other with nothing.
    private void resolve() {
        var buffer = new byte[1500];
        while (!dns.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                dns.receive(packet);
                dns.send(answer(packet));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private DatagramPacket answer(DatagramPacket question) {
        var data = question.getData();
        var at = 12;
        var name = new StringBuilder();
        while (data[at] != 0) {
            name.append(new String(data, at + 1, data[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += data[at] + 1;
        }
        var isAddress = data[at + 2] == 1;
        asked.add(name.toString());
        var reply = ByteBuffer.allocate(at + 5 + 16);
        reply.put(data, 0, 2)
                .putShort((short) 0x8180)
                .putShort((short) 1)
                .putShort((short) (isAddress ? 1 : 0))
                .putShort((short) 0)
                .putShort((short) 0);
        reply.put(data, 12, at + 5 - 12);
        if (isAddress)
            reply.putShort((short) 0xC00C)
                    .putShort((short) 1)
                    .putShort((short) 1)
                    .putInt(1)
                    .putShort((short) 4)
                    .put(new byte[] {127, 0, 0, 66});
        return new DatagramPacket(reply.array(), reply.position(), question.getSocketAddress());
    }

    private void makeCertificate(Path keys) throws IOException {
        var names = String.join(
                ",",
                NAMES.stream().map(name -> "dns:" + name + ",dns:*." + name).toList());
        var keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
        run(
                keytool,
                "-genkeypair",
                "-alias",
                "sinkhole",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=sinkhole",
                "-validity",
                "2",
                "-storepass",
                PASSWORD,
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-ext",
                "san=" + names,
                "-ext",
                "bc:c=ca:true");
        run(
                keytool,
                "-exportcert",
                "-alias",
                "sinkhole",
                "-rfc",
                "-storepass",
                PASSWORD,
                "-keystore",
                keys.toString(),
                "-file",
                authority.toString());
    }

    private static void run(String... command) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) throw new IOException(command[0] + " failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SSLContext context(Path keys) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
