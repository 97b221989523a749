package tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import lib.api.Environments;
import lib.api.Environments.Environment;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.config.Flags;
import lib.config.Settings;
import lib.http.Http;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.auth.SignedIn;
import tests.support.Cluster;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.identity.FakeIdentityProvider.Endpoint;
import tests.support.upstream.Reply;

class EnvironmentsTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private Machine machine;

    @BeforeEach
    void signedIn() {
        machine = SignedIn.machine(temp, idp);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void everyPageIsReadAndAClusterWithoutAGatewayIsNotReady() {
        idp.controlPlane()
                .largestPage(1)
                .clusters(
                        Cluster.ready("c1", "prod", "https://aigw"),
                        Cluster.notReady("c2", "new"),
                        new Cluster("c3", "empty", Optional.of("")));

        var all = list();

        assertEquals(
                List.of(
                        new Environment("c1", "prod", Optional.of("https://aigw")),
                        new Environment("c2", "new", Optional.empty()),
                        new Environment("c3", "empty", Optional.empty())),
                all);
        assertEquals(
                List.of(true, false, false),
                all.stream().map(Environment::isReady).toList());
    }

    @Test
    void unknownFieldsAreIgnored() {
        idp.controlPlane().clusters(Cluster.ready("c1", "prod", "https://aigw"));
        idp.failAlways(Endpoint.CLUSTERS, Fault.unknownFields());

        assertEquals(1, list().size());
    }

    @Test
    void aPageThatComesAgainEndsTheList() {
        idp.failAlways(
                Endpoint.CLUSTERS,
                Fault.reply(Reply.of(200, "application/json", "{\"clusters\": [], \"next_page_token\": \"a b&c=d\"}")));

        list();

        assertEquals(
                List.of("", "a b&c=d"),
                idp.requests().stream()
                        .map(call -> call.query().getOrDefault("page_token", ""))
                        .toList());
    }

    @Test
    void pagesWithoutEndAreGivenUp() {
        var page = new AtomicInteger();
        idp.failAlways(
                Endpoint.CLUSTERS,
                _ -> Reply.of(
                        200, "application/json", "{\"next_page_token\": \"%d\"}".formatted(page.incrementAndGet())));

        list();

        assertEquals(1000, page.get());
    }

    @Test
    void aBusyControlPlaneIsAskedAgain() {
        idp.controlPlane().clusters(Cluster.ready("c1", "prod", "https://aigw"));
        idp.fail(Endpoint.CLUSTERS, 2, Fault.unavailable());

        assertEquals(1, list().size());
    }

    @Test
    void aTokenThatItRefusesMeansToSignInAgain() {
        idp.revokeAccessTokens();
        idp.failAlways(Endpoint.TOKEN, Fault.oauth(400, "invalid_grant"));

        assertTrue(assertThrows(UserError.class, this::list)
                .line()
                .startsWith("no usable gateway token: run rpkai auth login"));
    }

    @Test
    void aTokenThatItRefusesIsRenewedOnce() {
        idp.controlPlane().clusters(Cluster.ready("c1", "prod", "https://aigw"));
        idp.revokeAccessTokens();

        assertEquals(1, list().size());
        assertEquals(1, idp.refreshes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void anUnreadableAnswerIsReportedInOneLineWithoutTheToken(int which) {
        idp.failAlways(
                Endpoint.CLUSTERS,
                List.of(Fault.html(200), Fault.html(502), Fault.huge(400), Fault.cutHalfway(), Fault.dropped())
                        .get(which));

        var result = machine.run("env", "list");

        assertEquals(1, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("the control plane at " + idp.apiUrl()), result.err());
        assertFalse(result.err()
                .contains(SignedIn.credentials(machine)
                        .path("org_123")
                        .path("access_token")
                        .asText()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "ftp://x", "https://user:hunter2@x", "//"})
    void anInvalidControlPlaneUrlIsReportedInOneLine(String url) {
        machine.write("home/.rpai/config", "cloud: {issuer: %s, api_url: \"%s\"}\n".formatted(idp.issuer(), url));

        var result = machine.with("RPAI_CLOUD_API_URL", "").run("env", "list");

        assertTrue(result.exitCode() > 0);
        assertEquals(1, result.err().lines().count(), result.err());
        assertFalse(result.err().contains("internal error") || result.err().contains("hunter2"), result.err());
    }

    private List<Environment> list() {
        var settings = Settings.resolve(Flags.none(), machine.host());
        var http = Http.of(machine.host());
        return new Environments(settings.cloud().apiUrl(), Tokens.of(settings, machine.host(), http), http).list();
    }
}
