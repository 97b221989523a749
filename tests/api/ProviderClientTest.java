package tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.ProviderClient;
import lib.api.ProviderType;
import lib.auth.SignedOut;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.auth.SignedIn;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;
import tests.support.upstream.Reply;

class ProviderClientTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private final FakeGateway gateway = FakeGateway.start();
    private Machine machine;

    @BeforeEach
    void signedInToAGateway() {
        gateway.tokens(idp::isValid).provider(ProviderJson.anthropic("claude", "sonnet", "opus"));
        machine = SignedIn.machine(temp, idp)
                .profile("prod", "organization: org_123\nai_gateway_url: %s/\n".formatted(gateway.url()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        idp.close();
    }

    @Test
    void aProviderIsFoundWithBothSpellingsOfItsAllowlist() {
        var provider = found("claude");

        assertEquals("claude", provider.name());
        assertEquals(ProviderType.ANTHROPIC, provider.type());
        assertEquals(List.of("sonnet", "opus"), provider.models());
        assertTrue(provider.enabled());
        assertFalse(provider.passthrough());
        assertEquals(gateway.proxyUrl("claude"), provider.url());
    }

    @Test
    void aProviderThatMayNotBeReadIsAValue() {
        gateway.fail(
                Endpoint.GET_PROVIDER,
                1,
                Fault.connect("permission_denied", "dataplane_adp_llmprovider_get is missing"));

        assertEquals(
                new Lookup.Unreadable("dataplane_adp_llmprovider_get is missing"),
                management().find("claude"));
    }

    @Test
    void aProxyMayRejectACallInAFormatOfItsOwn() {
        gateway.fail(Endpoint.GET_PROVIDER, 1, Fault.html(403));

        assertEquals(new Lookup.Unreadable("HTTP 403"), management().find("claude"));
    }

    @Test
    void aMissingProviderIsNamed() {
        var e = assertThrows(UserError.class, () -> management().find("nope"));

        assertEquals("provider \"nope\" not found at %s: run rpkai llm list".formatted(gateway.url()), e.line());
    }

    @Test
    void aListThatMayNotBeReadIsAnError() {
        gateway.fail(Endpoint.LIST_PROVIDERS, 1, Fault.connect("permission_denied", "no list"));

        assertTrue(assertThrows(UserError.class, () -> management().list())
                .line()
                .contains("does not allow this (permission_denied, no list)"));
    }

    @Test
    void aTokenThatTheGatewayRefusesIsRenewedOnce() {
        var before = stored();
        idp.revokeAccessTokens();

        assertInstanceOf(Lookup.Found.class, management().find("claude"));

        assertEquals(1, idp.refreshes());
        assertNotEquals(before, stored());
        assertEquals(
                List.of(before, stored()),
                gateway.managementCalls("GetLLMProvider").stream()
                        .map(call -> call.bearer().orElse(""))
                        .toList());
    }

    @Test
    void aTokenThatAnotherProcessRenewedMeanwhileIsTaken() {
        var management = management();
        gateway.fail(Endpoint.GET_PROVIDER, 1, _ -> {
            SignedIn.save(machine, idp, "org_123", idp.signIn());
            return Fault.connect("unauthenticated", "expired").answer(() -> null);
        });

        assertInstanceOf(Lookup.Found.class, management.find("claude"));
        assertEquals(0, idp.refreshes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aTokenThatTheGatewayRefusesTwiceMeansToSignInAgain(int shape) {
        gateway.failAlways(
                Endpoint.GET_PROVIDER,
                List.of(Fault.connect("unauthenticated", "no"), Fault.html(401)).get(shape));

        var e = assertThrows(SignedOut.class, () -> management().find("claude"));

        assertTrue(e.line().startsWith("no usable gateway token: run rpkai auth login"), e.line());
        assertEquals(1, e.exitCode());
        assertEquals(2, gateway.managementCalls("GetLLMProvider").size());
        assertEquals(1, idp.refreshes());
    }

    @Test
    void aGivenTokenThatTheGatewayRefusesIsNotRenewed() {
        var e = assertThrows(
                UserError.class,
                () -> management(machine.with("RPAI_TOKEN", "given")).find("claude"));

        assertEquals(
                "the gateway refused the token of --token or RPAI_TOKEN: pass another, or run rpkai auth login",
                e.line());
        assertEquals(0, idp.refreshes());
    }

    @Test
    void aGatewayWithoutSignInGetsNoToken() {
        gateway.tokens(String::isEmpty);
        machine.profile("local", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()));

        assertInstanceOf(Lookup.Found.class, management().find("claude"));
    }

    @Test
    void aGatewayThatIsBusyForAMomentIsAskedAgain() {
        gateway.fail(Endpoint.GET_PROVIDER, 2, Fault.unavailable());

        assertInstanceOf(Lookup.Found.class, management().find("claude"));
        assertEquals(3, gateway.managementCalls("GetLLMProvider").size());
    }

    @Test
    void aGatewayThatStaysBusyIsNotAskedForEver() {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.unavailable());

        var e = assertThrows(UserError.class, () -> management().find("claude"));

        assertEquals(
                "the AI Gateway at %s is not available (HTTP 503, text/plain): try again".formatted(gateway.url()),
                e.line());
        assertEquals(3, gateway.managementCalls("GetLLMProvider").size());
    }

    @Test
    void aGatewayThatWantsMuchPatienceGetsItsSayAtOnce() {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.tooManyRequests(Duration.ofMinutes(10)));

        var e = assertThrows(UserError.class, () -> management().find("claude"));

        assertEquals(
                "the AI Gateway at %s is not available (HTTP 429, text/plain): try again".formatted(gateway.url()),
                e.line());
        assertEquals(1, gateway.managementCalls("GetLLMProvider").size());
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        "a captive portal's page",
                        Fault.html(200),
                        "does not answer like an AI Gateway (HTTP 200, text/html)"),
                Arguments.of("a load balancer's page", Fault.html(502), "is not available (HTTP 502, text/html)"),
                Arguments.of(
                        "another site's page",
                        Fault.html(404),
                        "does not answer like an AI Gateway (HTTP 404, text/html)"),
                Arguments.of(
                        "5 MB with 400",
                        Fault.huge(400),
                        "does not answer like an AI Gateway (HTTP 400, application/json)"),
                Arguments.of("5 MB with 500", Fault.huge(500), "is not available (HTTP 500, application/json)"),
                Arguments.of("half an answer", Fault.cutHalfway(), "was lost ("),
                Arguments.of("no answer", Fault.dropped(), "was lost ("),
                Arguments.of(
                        "a list",
                        Fault.reply(Reply.of(200, "application/json", "[1]")),
                        "does not answer like an AI Gateway (HTTP 200, application/json)"),
                Arguments.of(
                        "nothing",
                        Fault.reply(Reply.of(200, "application/json", "")),
                        "does not answer like an AI Gateway (HTTP 200, application/json)"),
                Arguments.of(
                        "another object",
                        Fault.reply(Reply.of(200, "application/json", "{\"hello\": \"world\"}")),
                        "does not answer like an AI Gateway (an answer without a provider)"),
                Arguments.of(
                        "a redirect",
                        Fault.reply(Reply.of(302, "text/html", "").header("Location", "http://127.0.0.1:1/")),
                        "does not answer like an AI Gateway (HTTP 302, text/html)"),
                Arguments.of(
                        "unavailable",
                        Fault.connect("unavailable", "starting"),
                        "is not available (unavailable, starting)"),
                Arguments.of("internal", Fault.connect("internal", "oops"), "refused the call (internal, oops)"),
                Arguments.of(
                        "a code of the future",
                        Fault.reply(Reply.of(418, "application/json", "{\"code\": \"teapot\"}")),
                        "refused the call (teapot)"),
                Arguments.of("a long text", Fault.connect("internal", "x".repeat(100_000)), "x".repeat(300) + " ...)"),
                Arguments.of(
                        "a text that moves the cursor",
                        Fault.connect("internal", "a\n\u001b[31mb"),
                        "(internal, a [31mb)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void aFailedCallIsReportedInOneLine(String what, Fault fault, String said) {
        gateway.failAlways(Endpoint.GET_PROVIDER, fault);

        var result = machine.run("llm", "get", "claude");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("rpkai: ") && result.err().contains(said), result.err());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void noMessageOrExceptionContainsTheToken(String what, Fault fault, String said) {
        gateway.failAlways(Endpoint.GET_PROVIDER, fault);
        var text = new StringWriter();

        assertThrows(UserError.class, () -> management().find("claude")).printStackTrace(new PrintWriter(text, true));
        text.write(machine.run("-v", "llm", "get", "claude").err());

        assertFalse(text.toString().contains(stored()), text.toString());
    }

    @Test
    void aGatewayThatRepeatsTheTokenDoesNotMakeUsRepeatIt() {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.connect("permission_denied", "not for " + stored()));
        gateway.failAlways(Endpoint.LIST_PROVIDERS, Fault.connect("internal", "not for " + stored()));

        assertEquals(new Lookup.Unreadable("not for <redacted>"), management().find("claude"));
        assertTrue(machine.run("-v", "llm", "list").err().contains("not for <redacted>"));
    }

    @Test
    void unknownFieldsAndTypesAreAccepted() {
        gateway.provider(ProviderJson.ofUnknownType("next", "m"));
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.unknownFields());
        gateway.failAlways(Endpoint.LIST_PROVIDERS, Fault.unknownFields());

        assertEquals("from_the_future", found("next").type().label());
        assertEquals(2, management().list().size());
    }

    @Test
    void everyPageIsRead() {
        gateway.largestPage(1)
                .provider(ProviderJson.bedrock("aws", "us-east-1"))
                .provider(ProviderJson.openai("gpt"));

        assertEquals(
                List.of("aws", "claude", "gpt"),
                management().list().stream().map(Provider::name).toList());
        assertEquals(3, gateway.managementCalls("ListLLMProviders").size());
    }

    @Test
    void aPageThatComesAgainEndsTheList() {
        gateway.failAlways(
                Endpoint.LIST_PROVIDERS,
                Fault.reply(Reply.of(
                        200,
                        "application/json",
                        "{\"llmProviders\": [{\"name\": \"a\"}], \"nextPageToken\": \"again\"}")));

        management().list();

        assertEquals(2, gateway.managementCalls("ListLLMProviders").size());
    }

    @Test
    void pagesWithoutEndAreGivenUp() {
        var page = new AtomicInteger();
        gateway.failAlways(
                Endpoint.LIST_PROVIDERS,
                _ -> Reply.of(
                        200, "application/json", "{\"nextPageToken\": \"page-%d\"}".formatted(page.incrementAndGet())));

        management().list();

        assertEquals(1000, page.get());
    }

    @Test
    void noProviderIsAnEmptyList() {
        gateway.remove("claude");

        assertEquals(List.of(), management().list());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "..",
                "../x",
                "a%2fb",
                "Claude",
                "",
                "a?x=1",
                "a#b",
                "-a",
                "a-",
                "1a",
                "a b",
                "a\nb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void anInvalidNameIsRejectedBeforeAnyCall(String name) {
        var e = assertThrows(UserError.class, () -> management().find(name));

        assertEquals(2, e.exitCode());
        assertEquals(List.of(), gateway.requests());
    }

    private Provider found(String name) {
        return assertInstanceOf(Lookup.Found.class, management().find(name)).found();
    }

    private ProviderClient management() {
        return management(machine);
    }

    private static ProviderClient management(Machine machine) {
        var settings = Settings.resolve(Flags.none(), machine.host());
        var http = Http.of(machine.host());
        return new ProviderClient(settings.gateway(), Tokens.of(settings, machine.host(), http), http);
    }

    private String stored() {
        return SignedIn.credentials(machine)
                .path("org_123")
                .path("access_token")
                .asText();
    }
}
