package tests.gateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.errorMessage;
import static tests.gateway.TestGateway.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import lib.base.Secret;
import lib.gateway.management.definition.Definitions;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.TestGateway;
import tests.support.Machine;
import tests.support.OwnCertificate;

/// Upstreams that demand a certificate of the gateway, and answer with its name.
class ClientCertificateTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String COMMAND =
            "run rpkai secret set CERT < chain.pem and rpkai secret set KEY < key.pem on " + "the gateway's machine";

    private static final Map<String, OwnCertificate> CERTIFICATES = new HashMap<>();

    @TempDir
    Path temp;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private GatewayState state;
    private TestGateway gateway;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        for (var each : List.of("localhost EC", "ec EC", "rsa RSA", "ed25519 Ed25519")) {
            var name = each.split(" ")[0];
            CERTIFICATES.put(name, OwnCertificate.in(folder.resolve(name), name, each.split(" ")[1]));
        }
    }

    @BeforeEach
    void start() {
        state = GatewayState.open(
                temp.resolve("state"), new Machine(temp).at(now::get).host());
        gateway = TestGateway.with(
                config -> TestGateway.trusting(config.withState(state), CERTIFICATES.get("localhost"), MINUTE));
    }

    @AfterEach
    void stop() {
        gateway.close();
        state.close();
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, ec", "TLSv1.3, ec", "TLSv1.2, rsa", "TLSv1.3, rsa", "TLSv1.2, ed25519", "TLSv1.3, ed25519"})
    void theGatewayShowsTheCertificateOfTheProvider(String protocol, String name) throws Exception {
        try (var upstream = upstream(protocol)) {
            set("", CERTIFICATES.get(name));
            provider("private", upstream.url(), "");

            for (int i = 0; i < 3; i++) assertEquals("CN=" + name, ask("private"));
            assertEquals("", check("private"));
            assertEquals(2, upstream.connections.get(), "one for the requests, one for the check");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anUpstreamThatDemandsACertificateIsNamedWithTheCommandThatSetsOne(String protocol) throws Exception {
        try (var upstream = upstream(protocol)) {
            state.storedSecrets().set("API_KEY", new Secret("sk-1"));
            provider("private", "openaiConfig: {apiKeyRef: API_KEY, baseUrl: '%s/v1'}".formatted(upstream.url()));
            var expected = protocol.equals("TLSv1.3")
                    ? "its upstream demands a client certificate"
                    : "its upstream refused a secure connection, and may demand a client certificate";
            expected += ": set one: run rpkai llm update private --client-cert-ref CERT --client-key-ref KEY";

            assertEquals("provider \"private\" cannot be reached: " + expected, error("private"));
            assertEquals(expected, check("private"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCertificateThatTheUpstreamDoesNotTrustIsNamedWithTheCommandThatReplacesIt(String protocol) throws Exception {
        try (var upstream = upstream(protocol)) {
            set("", CERTIFICATES.get("localhost"));
            provider("private", upstream.url(), "");
            var expected = "its upstream refused the client certificate (certificate_unknown): " + COMMAND;

            assertEquals("provider \"private\" cannot be reached: " + expected, error("private"));
            assertEquals(expected, check("private"));
        }
    }

    /// Neither shares a connection, nor a session of TLS, which would hold the certificate too.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void providersWithDifferentCertificatesShareNoConnectionToTheirHost(String protocol) throws Exception {
        try (var upstream = upstream(protocol)) {
            set("", CERTIFICATES.get("ec"));
            set("_2", CERTIFICATES.get("rsa"));
            provider("one", upstream.url(), "");
            provider("two", upstream.url(), "_2");

            for (int i = 0; i < 5; i++) {
                assertEquals("CN=ec", ask("one"));
                assertEquals("CN=rsa", ask("two"));
            }

            assertEquals(2, upstream.connections.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aReplacedCertificateIsUsedByTheNextRequest(String protocol) throws Exception {
        try (var upstream = upstream(protocol)) {
            set("", CERTIFICATES.get("ec"));
            provider("private", upstream.url(), "");

            for (var name : List.of("ec", "rsa", "ec")) {
                set("", CERTIFICATES.get(name));

                assertEquals("CN=" + name, ask("private"));
            }
        }
    }

    @Test
    void anAnswerThatStreamsWhileTheCertificateIsReplacedEndsWell() throws Exception {
        var replaced = new CountDownLatch(1);
        try (var upstream = new RawUpstream(demanding("TLSv1.3"), socket -> {
            RawUpstream.request(socket.getInputStream());
            socket.getOutputStream().write("HTTP/1.1 200 X\r\nContent-Length: 4\r\n\r\nha".getBytes());
            replaced.await();
            socket.getOutputStream().write("lf".getBytes());
        })) {
            set("", CERTIFICATES.get("ec"));
            provider("private", upstream.url(), "");
            var answer = gateway.stream(
                    gateway.request("private/v1/chat/completions").POST(BodyPublishers.ofString("{}")));
            assertEquals("ha", new String(answer.body().readNBytes(2)));

            set("", CERTIFICATES.get("rsa"));
            var other = gateway.stream(
                    gateway.request("private/v1/chat/completions").POST(BodyPublishers.ofString("{}")));
            replaced.countDown();

            assertEquals("lf", new String(answer.body().readAllBytes()));
            assertEquals("half", new String(other.body().readAllBytes()));
        }
    }

    @Test
    void anUpstreamThatSpeaksOnlyHttp2GetsTheCertificateToo() throws Exception {
        try (var upstream = new Http2OnlyUpstream(demanding("TLSv1.3"), 200, false)) {
            set("", CERTIFICATES.get("ec"));
            provider("private", upstream.url(), "");

            for (int i = 0; i < 3; i++)
                assertEquals(
                        Http2OnlyUpstream.SAID,
                        gateway.post("private/v1/chat/completions", "{}").body());
        }
    }

    @ParameterizedTest
    @CsvSource({"ec, EC", "rsa, RSA"})
    void theOlderFormsOfKeysAreRead(String name, String label) throws Exception {
        try (var upstream = upstream("TLSv1.3")) {
            set("", CERTIFICATES.get(name));
            // As openssl writes it.
            var parameters = pem("EC PARAMETERS", Base64.getDecoder().decode("BggqhkjOPQMBBw=="));
            var key = pem(label + " PRIVATE KEY", inner(key(name)));
            state.storedSecrets().set("KEY", new Secret((parameters + key).strip()));
            provider("private", upstream.url(), "");

            assertEquals("CN=" + name, ask("private"));
        }
    }

    @Test
    void aFaultIsNamedWithTheCommandThatSolvesIt() throws Exception {
        var chain = "run rpkai secret set CERT < chain.pem on the gateway's machine";
        var key = "run rpkai secret set KEY < key.pem on the gateway's machine";
        var converted = "run openssl pkey -in key.pem | rpkai secret set KEY on the gateway's machine";
        assertFault("CERT", "sk-1", "its client certificate CERT is not a certificate in PEM: " + chain);
        assertFault("CERT", text("ec", "key.pem"), "its client certificate CERT is not a certificate in PEM: " + chain);
        assertFault(
                "CERT",
                text("ec", "chain.pem").replaceFirst("MII", "AII"),
                "its client certificate CERT is not a certificate in PEM: " + chain);
        assertFault("KEY", "sk-1", "its client key KEY is not a private key in PEM: " + key);
        assertFault("KEY", pem("PRIVATE KEY", new byte[] {1, 2, 3}), "its client key KEY cannot be read: " + converted);
        assertFault("KEY", pem("EC PRIVATE KEY", new byte[9]), "its client key KEY cannot be read: " + converted);
        assertFault("KEY", pem("ENCRYPTED PRIVATE KEY", new byte[9]), "its client key KEY is encrypted: " + converted);
        assertFault(
                "KEY",
                pem("EC PRIVATE KEY", new byte[9]).replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: x,1\n\n"),
                "its client key KEY is encrypted: " + converted);
        for (var other : List.of(
                text("localhost", "key.pem"),
                text("rsa", "key.pem"),
                text("ed25519", "key.pem"),
                pem("RSA PRIVATE KEY", inner(key("rsa")))))
            assertFault(
                    "KEY", other, "its client key KEY does not belong to the first certificate in CERT: " + COMMAND);
    }

    @Test
    void aMissingSecretIsNamed() throws Exception {
        provider("private", URI.create("https://localhost:1"), "");

        assertEquals(
                "provider \"private\" cannot be reached: its secret CERT is not set: run rpkai secret set CERT on the "
                        + "gateway's machine",
                error("private"));
    }

    /// No connection is made, so that nothing needs to listen.
    @Test
    void anExpiredCertificateIsNamedFromTheSecondOn() throws Exception {
        set("", CERTIFICATES.get("ec"));
        provider("private", URI.create("https://localhost:1"), "");
        var own = (X509Certificate) CERTIFICATES.get("ec").keys().getCertificate("own");
        var end = own.getNotAfter().toInstant();

        now.set(end);
        assertTrue(error("private").endsWith("no connection to its upstream"), error("private"));
        now.set(end.plusSeconds(1));
        var expired = "its client certificate CERT expired on %s: %s"
                .formatted(end.toString().split("T")[0], COMMAND);
        assertEquals("provider \"private\" cannot be reached: " + expired, error("private"));
        assertEquals("provider \"private\" cannot be reached: " + expired, check("private"));
        now.set(own.getNotBefore().toInstant().minusSeconds(1));
        assertTrue(error("private").contains("its client certificate CERT is not valid before"), error("private"));
    }

    private void assertFault(String secret, String value, String expected) throws Exception {
        set("", CERTIFICATES.get("ec"));
        state.storedSecrets().set(secret, new Secret(value.strip()));
        provider("private", URI.create("https://localhost:1"), "");

        assertEquals("provider \"private\" cannot be reached: " + expected, error("private"));
        assertEquals("provider \"private\" cannot be reached: " + expected, check("private"));
    }

    /// An upstream that answers with the name in the certificate of the connection.
    private static RawUpstream upstream(String protocol) throws Exception {
        return new RawUpstream(demanding(protocol), socket -> {
            while (RawUpstream.request(socket.getInputStream())) RawUpstream.answer(socket, 200, "", shown(socket));
        });
    }

    private static String shown(Socket socket) throws IOException {
        var chain = ((SSLSocket) socket).getSession().getPeerCertificates();
        return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
    }

    private static SSLServerSocket demanding(String protocol) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(CERTIFICATES.get("localhost").keys(), OwnCertificate.PASSWORD.toCharArray());
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (var name : List.of("ec", "rsa", "ed25519"))
            trusted.setCertificateEntry(name, CERTIFICATES.get(name).keys().getCertificate("own"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        var server = RawUpstream.secure(context);
        server.setEnabledProtocols(new String[] {protocol});
        server.setNeedClientAuth(true);
        return server;
    }

    /// Stores a certificate as the secrets `CERT` and `KEY`, with a suffix.
    private void set(String suffix, OwnCertificate certificate) throws IOException {
        var secrets = state.storedSecrets();
        secrets.set(
                "CERT" + suffix,
                new Secret(Files.readString(certificate.chain()).strip()));
        secrets.set(
                "KEY" + suffix, new Secret(Files.readString(certificate.key()).strip()));
    }

    private void provider(String name, URI url, String suffix) throws Exception {
        provider(
                name,
                "openaiCompatibleConfig: {baseUrl: '%s/v1'}, clientCertRef: CERT%s, clientKeyRef: KEY%2$s"
                        .formatted(url, suffix));
    }

    private void provider(String name, String fields) throws Exception {
        var json = new YAMLMapper().readTree("{name: %s, enabled: true, %s}".formatted(name, fields));
        var provider =
                StoredResource.now(Definitions.LLM.create(new ObjectMapper().readTree(json.toString())), Instant.now());
        state.providers().change(table -> {
            table.put(provider);
            return provider;
        });
    }

    private String ask(String provider) throws Exception {
        return gateway.post(provider + "/v1/chat/completions", "{}").body();
    }

    private String error(String provider) throws Exception {
        var answer = gateway.post(provider + "/v1/chat/completions", "{}");
        assertEquals(502, answer.statusCode(), answer.body());
        return errorMessage(answer);
    }

    /// Returns what `rpkai llm check` says; empty for success.
    private String check(String provider) throws Exception {
        var answer = gateway.send(gateway.anonymous("/redpanda.api.adp.v1alpha1.LLMProviderService/CheckConnection")
                .header("Authorization", "Bearer " + TestGateway.ADMIN_TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\": \"%s\"}".formatted(provider))));
        return json(answer.body()).at("/status/message").asText();
    }

    private static String text(String name, String file) throws IOException {
        var certificate = CERTIFICATES.get(name);
        return Files.readString(file.equals("key.pem") ? certificate.key() : certificate.chain());
    }

    private static byte[] key(String name) throws Exception {
        return CERTIFICATES
                .get(name)
                .keys()
                .getKey("own", OwnCertificate.PASSWORD.toCharArray())
                .getEncoded();
    }

    /// Returns the key that PKCS #8 encloses: the last element, after the version and the algorithm.
    private static byte[] inner(byte[] pkcs8) {
        int at = pkcs8[1] > 0 ? 2 : 2 + (pkcs8[1] & 0x7f);
        at += 3;
        at += 2 + pkcs8[at + 1];
        return Arrays.copyOfRange(pkcs8, at + (pkcs8[at + 1] > 0 ? 2 : 2 + (pkcs8[at + 1] & 0x7f)), pkcs8.length);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(der));
    }
}
