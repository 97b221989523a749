package tests.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import lib.base.UserError;
import lib.http.Http;
import lib.http.Http.Retry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

/// A private certificate authority, as companies have one.
class ExtraTrustTest {
    @TempDir
    static Path certificates;

    @TempDir
    static Path otherCertificates;

    private static PrivateCa ca;
    private static PrivateCa otherCa;
    private static PrivateCa.Server localhost;
    private static PrivateCa.Server elsewhere;

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeAll
    static void servers() throws Exception {
        ca = new PrivateCa(certificates);
        otherCa = new PrivateCa(otherCertificates);
        localhost = ca.serve("localhost");
        elsewhere = ca.serve("elsewhere.test");
    }

    @AfterAll
    static void stop() {
        localhost.close();
        elsewhere.close();
    }

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp);
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefusedWithTheHint() {
        var e = assertThrows(UserError.class, () -> status(localhost));

        assertTrue(
                e.line().startsWith("TLS with the test at https://localhost:" + localhost.port() + " failed (")
                        && e.line().contains("SSL_CERT_FILE"),
                e.line());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"})
    void itIsAcceptedWhereAVariableNamesTheAuthority(String variable) {
        machine.with(variable, ca.pem().toString());

        assertEquals(200, status(localhost));
    }

    @Test
    void aRelativePathIsBelowTheWorkingFolder() throws Exception {
        Files.copy(ca.pem(), machine.cwd().resolve("corp.pem"));
        machine.with("SSL_CERT_FILE", "corp.pem");

        assertEquals(200, status(localhost));
    }

    @Test
    void bothVariablesCount() {
        machine.with("SSL_CERT_FILE", otherCa.pem().toString())
                .with("NODE_EXTRA_CA_CERTS", ca.pem().toString());

        assertEquals(200, status(localhost));
    }

    @Test
    void aBundleOfSeveralCertificatesIsReadWhole() throws Exception {
        var bundle = Files.readString(otherCa.pem()) + "\n" + Files.readString(ca.pem());
        machine.with("SSL_CERT_FILE", machine.write("bundle.pem", bundle).toString());

        assertEquals(200, status(localhost));
    }

    @Test
    void aFileInDerIsReadToo() throws Exception {
        var der = Base64.getMimeDecoder()
                .decode(Files.readString(ca.pem()).replaceAll("-----(BEGIN|END) CERTIFICATE-----", ""));
        var file = Files.write(temp.resolve("ca.der"), der);
        machine.with("SSL_CERT_FILE", file.toString());

        assertEquals(200, status(localhost));
    }

    @Test
    void aTrustedAuthorityDoesNotMakeUpForTheWrongHost() {
        machine.with("SSL_CERT_FILE", ca.pem().toString());

        assertTrue(assertThrows(UserError.class, () -> status(elsewhere))
                .line()
                .startsWith("TLS with the test at https://localhost:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void aFileWithoutCertificatesChangesNothing(String content) {
        machine.with("SSL_CERT_FILE", machine.write("broken.pem", content).toString())
                .with("NODE_EXTRA_CA_CERTS", temp.resolve("missing.pem").toString());

        assertTrue(assertThrows(UserError.class, () -> status(localhost)).line().startsWith("TLS with the test at "));
    }

    @Test
    void aCommandUsesItToo() {
        machine.profile("prod", "ai_gateway_url: https://localhost:%d\nauth_mode: none\n".formatted(localhost.port()));
        assertTrue(machine.run("llm", "list").err().contains("SSL_CERT_FILE"));

        machine.with("SSL_CERT_FILE", ca.pem().toString());
        assertEquals(0, machine.run("llm", "list").exitCode());
    }

    private int status(PrivateCa.Server server) {
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/"))
                .build();
        return Http.of(machine.host()).send(request, Retry.SAFE, "the test").status();
    }
}
