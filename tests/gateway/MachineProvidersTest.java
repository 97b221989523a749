package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.catalog.MachineProviders;
import lib.gateway.upstream.AwsCredentials;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineProvidersTest {
    private static final List<String> DEMOS = List.of("demo-openai", "demo", "demo-google", "demo-bedrock");

    @Test
    void anEmptyMachineHasTheDemoOnEachWire() {
        var found = found(Map.of());

        assertEquals(DEMOS, names(found));
        assertEquals(
                List.of(ProviderType.OPENAI, ProviderType.ANTHROPIC, ProviderType.GOOGLE, ProviderType.BEDROCK),
                found.stream().map(hosted -> hosted.provider().type()).toList());
    }

    @Test
    void aKeyOfAnthropicMakesAProviderAtTheirApi() {
        var found = found(Map.of("ANTHROPIC_API_KEY", " sk-ant-1\n"));

        assertEquals(with("anthropic"), names(found));
        assertEquals(
                Upstream.keyed(ProviderType.ANTHROPIC, URI.create("https://api.anthropic.com"), new Secret("sk-ant-1")),
                withoutRemedy(found.getLast().upstream()));
    }

    @Test
    void aBaseUrlOfAnthropicIsItsUpstream() {
        var found = found(
                Map.of("ANTHROPIC_API_KEY", "sk-ant-1", "ANTHROPIC_BASE_URL", "http://proxy.local:8080/anthropic"));

        assertEquals(
                Upstream.keyed(
                        ProviderType.ANTHROPIC,
                        URI.create("http://proxy.local:8080/anthropic"),
                        new Secret("sk-ant-1")),
                withoutRemedy(found.getLast().upstream()));
    }

    @Test
    void aKeyOfOpenAiMakesAProviderAtTheirApiOrAtTheBaseUrl() {
        var theirs = found(Map.of("OPENAI_API_KEY", "sk-1"));
        var other = found(Map.of("OPENAI_API_KEY", "sk-1", "OPENAI_BASE_URL", "https://llm.corp/openai/v1"));

        assertEquals(with("openai"), names(theirs));
        assertEquals(ProviderType.OPENAI, theirs.getLast().provider().type());
        assertEquals(
                Upstream.keyed(ProviderType.OPENAI, URI.create("https://api.openai.com/v1"), new Secret("sk-1")),
                withoutRemedy(theirs.getLast().upstream()));
        assertEquals(
                Upstream.keyed(ProviderType.OPENAI, URI.create("https://llm.corp/openai/v1"), new Secret("sk-1")),
                withoutRemedy(other.getLast().upstream()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GEMINI_API_KEY", "GOOGLE_API_KEY"})
    void aKeyOfGoogleMakesAProviderAtTheirApi(String variable) {
        assertEquals(
                Upstream.keyed(
                        ProviderType.GOOGLE,
                        URI.create("https://generativelanguage.googleapis.com"),
                        new Secret("AIza1")),
                withoutRemedy(upstream(Map.of(variable, "AIza1"))));
    }

    @Test
    void keysOfAwsAndARegionMakeBedrock() {
        var keys = Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIA1",
                "AWS_SECRET_ACCESS_KEY",
                "secret-1",
                "AWS_SESSION_TOKEN",
                "session-1",
                "AWS_REGION",
                "eu-central-1");
        var found = found(keys);

        assertEquals(with("bedrock"), names(found));
        assertEquals("eu-central-1", found.getLast().provider().region());
        assertEquals(
                new Upstream.Remote(
                        URI.create("https://bedrock-runtime.eu-central-1.amazonaws.com"),
                        new UpstreamAuth.Aws(
                                "eu-central-1",
                                new AwsCredentials.Keys(
                                        "AKIA1", new Secret("secret-1"), Optional.of(new Secret("session-1"))))),
                withoutRemedy(found.getLast().upstream()));
        assertFalse(found.toString().matches(".*(secret|session)-1.*"), found.toString());
    }

    @Test
    void bedrockMayBeElsewhereAndItsCredentialsOfOtherKinds() {
        var elsewhere = upstream(Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIA1",
                "AWS_SECRET_ACCESS_KEY",
                "s",
                "AWS_DEFAULT_REGION",
                "us-east-1",
                "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
                "http://127.0.0.1:9"));
        var chained = upstream(Map.of("AWS_PROFILE", "work", "AWS_REGION", "cn-north-1"));
        var bearer = upstream(Map.of("AWS_BEARER_TOKEN_BEDROCK", "key-1", "AWS_REGION", "us-east-1"));

        assertEquals(URI.create("http://127.0.0.1:9"), elsewhere.baseUrl());
        assertEquals(new UpstreamAuth.Aws("cn-north-1", new AwsCredentials.Chain()), chained.access());
        assertEquals(
                "bedrock-runtime.cn-north-1.amazonaws.com.cn", chained.baseUrl().getHost());
        assertEquals(new UpstreamAuth.Key("Authorization", "Bearer ", new Secret("key-1")), bearer.access());
    }

    @Test
    void withoutARegionOrWithHalfAKeyThereIsNoBedrock() {
        assertEquals(DEMOS, names(found(Map.of("AWS_ACCESS_KEY_ID", "AKIA1", "AWS_SECRET_ACCESS_KEY", "s"))));
        assertEquals(DEMOS, names(found(Map.of("AWS_ACCESS_KEY_ID", "AKIA1", "AWS_REGION", "us-east-1"))));
        assertEquals(DEMOS, names(found(Map.of("AWS_REGION", "us-east-1"))));
    }

    @Test
    void ollamaIsProbedOnlyWhenItsPresenceIsAskedFor() {
        var asked = new ArrayList<URI>();
        var ollama = MachineProviders.from(Map.of(), url -> asked.add(url) && asked.size() < 2)
                .getLast();

        assertEquals("ollama", ollama.provider().name());
        assertEquals(ProviderType.OPENAI_COMPATIBLE, ollama.provider().type());
        assertEquals(Upstream.open(URI.create("http://127.0.0.1:11434")), ollama.upstream());
        assertEquals(List.of(), asked);
        assertTrue(ollama.presence().getAsBoolean());
        assertFalse(ollama.presence().getAsBoolean());
        assertEquals(URI.create("http://127.0.0.1:11434/api/version"), asked.getFirst());
    }

    @Test
    void anEmptyKeyIsIgnored() {
        assertEquals(DEMOS, names(found(Map.of("ANTHROPIC_API_KEY", "", "OPENAI_API_KEY", " "))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.anthropic.com",
                "ftp://hunter2@x",
                "http://",
                "http:// x",
                "https://u:hunter2@host",
                "https://host/?hunter2=1",
                "https://host/#x"
            })
    void anInvalidBaseUrlIsReportedWithoutQuotingIt(String url) {
        var error = assertThrows(
                UserError.class,
                () -> MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-1", "ANTHROPIC_BASE_URL", url)));

        assertFalse(error.line().contains("hunter2"), error.line());
    }

    @Test
    void aKeyThatFitsNoHeaderIsReportedWithoutQuotingIt() {
        var error =
                assertThrows(UserError.class, () -> MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-\n1")));

        assertFalse(error.line().contains("sk-ant"), error.line());
    }

    @Test
    void noKeyIsPrinted() {
        var found = MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-1"));

        assertTrue(found.toString().contains("anthropic"), found.toString());
        assertFalse(found.toString().contains("sk-ant-1"), found.toString());
    }

    /// Returns the providers found on a machine without Ollama.
    private static List<HostedProvider> found(Map<String, String> environment) {
        return MachineProviders.from(environment, _ -> false).stream()
                .filter(hosted -> hosted.presence().getAsBoolean())
                .toList();
    }

    private static Upstream withoutRemedy(Upstream upstream) {
        return upstream instanceof Upstream.Remote remote
                ? new Upstream.Remote(remote.baseUrl(), remote.access())
                : upstream;
    }

    private static Upstream.Remote upstream(Map<String, String> environment) {
        return (Upstream.Remote) found(environment).getLast().upstream();
    }

    private static List<String> with(String name) {
        return Stream.concat(DEMOS.stream(), Stream.of(name)).toList();
    }

    private static List<String> names(List<HostedProvider> found) {
        return found.stream().map(hosted -> hosted.provider().name()).toList();
    }
}
