package tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.api.ConnectClient;
import lib.api.LlmProviders;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.api.resource.Models;
import lib.api.resource.Resources;
import lib.auth.Tokens;
import lib.base.UserError;
import lib.config.Flags;
import lib.config.Settings;
import lib.http.Http;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;

class LlmProvidersTest {
    @TempDir
    Path temp;

    private final FakeGateway gateway = FakeGateway.start();
    private ConnectClient connect;
    private Resources providers;

    @BeforeEach
    void aGateway() {
        gateway.provider(ProviderJson.anthropic("claude", "sonnet", "opus"));
        var host = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t")
                .host();
        var settings = Settings.resolve(Flags.none(), host);
        var http = Http.of(host);
        connect = new ConnectClient(settings.gateway(), Tokens.of(settings, host, http), http);
        providers = new Resources(connect, ResourceKind.LLM);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void aProviderKeepsEveryFieldIncludingUnknownOnes() {
        gateway.failAlways(Endpoint.GET_PROVIDER, Fault.unknownFields());

        var json = providers.get("claude").json();

        assertEquals(
                "FUTURE_VALUE",
                json.path("anthropicConfig").path("fromTheFuture").asText());
        assertEquals(gateway.stored("claude").path("createdAt"), json.path("createdAt"));
        assertEquals(
                List.of("sonnet", "opus"),
                List.copyOf(providers.get("claude").models().keySet()));
    }

    @Test
    void aCreatedProviderIsStoredAndReturned() {
        var created = providers.create(Resource.of(ResourceKind.LLM, ProviderJson.bedrock("aws", "eu-west-1", "m"))
                .settable());

        assertEquals(gateway.stored("aws"), created.json());
        assertEquals("eu-west-1", Provider.fromJson(created.json()).region());
        assertEquals(ProviderType.BEDROCK.wire(), created.type());
    }

    @Test
    void aCreateWhoseAnswerIsLostIsNotTriedAgain() {
        gateway.fail(Endpoint.CREATE_PROVIDER, 1, Fault.lost());

        assertThrows(
                UserError.class, () -> providers.create(Resource.of(ResourceKind.LLM, ProviderJson.openai("gpt"))));

        assertEquals(1, gateway.managementCalls("CreateLLMProvider").size());
        assertTrue(gateway.stored("gpt").isObject());
    }

    @Test
    void aNameInUseIsReported() {
        var e = assertThrows(
                UserError.class,
                () -> providers.create(Resource.of(ResourceKind.LLM, ProviderJson.anthropic("claude"))));

        assertEquals(
                "provider \"claude\" already exists: run rpkai llm update claude, or choose another name", e.line());
    }

    @Test
    void anUpdateSetsTheFieldsOfItsMaskAndClearsThoseWithoutAValue() {
        var before = (ObjectNode) gateway.stored("claude");

        providers.update(
                Resource.of(
                        ResourceKind.LLM,
                        json("{'name': 'claude', 'displayName': 'Claude', 'description': 'not this'}")),
                List.of("displayName", "enabled"));

        before.put("displayName", "Claude").remove("enabled");
        assertEquals(before.without("updatedAt"), ((ObjectNode) gateway.stored("claude")).without("updatedAt"));
    }

    @Test
    void aBusyGatewayIsAskedToUpdateAgain() {
        gateway.fail(Endpoint.UPDATE_PROVIDER, 1, Fault.unavailable());

        assertFalse(providers
                .update(Resource.of(ResourceKind.LLM, json("{'name': 'claude'}")), List.of("enabled"))
                .enabled());
    }

    @Test
    void aDeletedProviderIsGoneAndCannotBeDeletedAgain() {
        providers.delete("claude");

        assertEquals(Optional.empty(), providers.existing("claude"));
        assertTrue(assertThrows(UserError.class, () -> providers.delete("claude"))
                .getMessage()
                .startsWith("provider \"claude\" not found"));
    }

    @Test
    void aMistypedNameGetsASuggestion() {
        assertEquals(
                "provider \"claued\" not found at %s: did you mean \"claude\"?".formatted(gateway.url()),
                assertThrows(UserError.class, () -> providers.get("claued")).line());

        gateway.failAlways(Endpoint.LIST_PROVIDERS, Fault.connect("permission_denied", "no list"));
        assertEquals(
                "provider \"claued\" not found at %s: run rpkai llm list".formatted(gateway.url()),
                assertThrows(UserError.class, () -> providers.get("claued")).line());
    }

    @Test
    void aCheckReportsTheUpstreamsMessage() {
        gateway.provider(ProviderJson.openai("gpt"))
                .check("gpt", json("{'code': 16, 'message': 'invalid api key'}"))
                .provider(ProviderJson.passthrough("mine"));

        assertTrue(new LlmProviders(connect).check("claude").isOk());
        assertEquals(42, new LlmProviders(connect).check("claude").latencyMs());
        assertEquals(
                "16 invalid api key",
                new LlmProviders(connect).check("gpt").code() + " "
                        + new LlmProviders(connect).check("gpt").message());
        assertEquals(
                "failed_precondition", new LlmProviders(connect).check("mine").code());
    }

    @Test
    void aTypeOfTheFutureIsListedWithTheOthers() {
        assertEquals(
                List.of("anthropic", "bedrock", "google", "openai", "openai_compatible", "from_the_future"),
                new LlmProviders(connect)
                        .types().stream().map(ProviderType::label).toList());
    }

    @Test
    void modelsAreFoundByTypeAndName() {
        gateway.model(json("{'name': 'sonnet', 'providerType': 'LLM_PROVIDER_TYPE_ANTHROPIC', "
                        + "'maxInputTokens': '200000'}"))
                .model(json("{'name': 'gpt-6', 'providerType': 'LLM_PROVIDER_TYPE_OPENAI'}"));
        var models = new Models(connect);

        assertEquals(2, models.list(Optional.empty(), Optional.empty()).size());
        assertEquals(
                List.of("gpt-6"),
                models.list(Optional.of(ProviderType.OPENAI), Optional.empty()).stream()
                        .map(m -> m.path("name").asText())
                        .toList());
        assertEquals(
                "200000",
                models.get("sonnet", Optional.empty()).path("maxInputTokens").asText());
        assertEquals(
                "model \"sonet\" not found: did you mean \"sonnet\"?",
                assertThrows(UserError.class, () -> models.get("sonet", Optional.empty()))
                        .line());
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
