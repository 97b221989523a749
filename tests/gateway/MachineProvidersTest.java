package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.Secret;
import lib.UserError;
import lib.gateway.HostedProvider;
import lib.gateway.MachineProviders;
import lib.gateway.Upstream;
import lib.providers.ProviderType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineProvidersTest {
    private static final List<String> DEMOS = List.of("demo", "demo-openai");

    @Test
    void anEmptyMachineHasTheDemoOnEachWire() {
        var found = found(Map.of());

        assertEquals(DEMOS, names(found));
        assertEquals(List.of(ProviderType.ANTHROPIC, ProviderType.OPENAI),
                found.stream().map(hosted -> hosted.provider().type()).toList());
    }

    @Test
    void aKeyOfAnthropicMakesAProviderAtTheirApi() {
        var found = found(Map.of("ANTHROPIC_API_KEY", " sk-ant-1\n"));

        assertEquals(with("anthropic"), names(found));
        assertEquals(Upstream.anthropic(URI.create("https://api.anthropic.com"), new Secret("sk-ant-1")),
                found.getLast().upstream());
    }

    @Test
    void aBaseUrlOfAnthropicIsItsUpstream() {
        var found = found(
                Map.of("ANTHROPIC_API_KEY", "sk-ant-1", "ANTHROPIC_BASE_URL", "http://proxy.local:8080/anthropic"));

        assertEquals(Upstream.anthropic(URI.create("http://proxy.local:8080/anthropic"), new Secret("sk-ant-1")),
                found.getLast().upstream());
    }

    @Test
    void aKeyOfOpenAiMakesAProviderAtTheirApiOrAtTheBaseUrl() {
        var theirs = found(Map.of("OPENAI_API_KEY", "sk-1"));
        var other = found(Map.of("OPENAI_API_KEY", "sk-1", "OPENAI_BASE_URL", "https://llm.corp/openai/v1"));

        assertEquals(with("openai"), names(theirs));
        assertEquals(ProviderType.OPENAI, theirs.getLast().provider().type());
        assertEquals(Upstream.openAi(URI.create("https://api.openai.com/v1"), new Secret("sk-1")),
                theirs.getLast().upstream());
        assertEquals(Upstream.openAi(URI.create("https://llm.corp/openai/v1"), new Secret("sk-1")),
                other.getLast().upstream());
    }

    @Test
    void ollamaIsThereWhereOneAnswersAndAskedForOnlyWhenSomebodyWantsToKnow() {
        var asked = new ArrayList<URI>();
        var ollama = MachineProviders.from(Map.of(), url -> asked.add(url) && asked.size() < 2).getLast();

        assertEquals("ollama", ollama.provider().name());
        assertEquals(ProviderType.OPENAI_COMPATIBLE, ollama.provider().type());
        assertEquals(Upstream.open(URI.create("http://127.0.0.1:11434")), ollama.upstream());
        assertEquals(List.of(), asked);
        assertTrue(ollama.presence().getAsBoolean());
        assertFalse(ollama.presence().getAsBoolean());
        assertEquals(URI.create("http://127.0.0.1:11434/api/version"), asked.getFirst());
    }

    @Test
    void aKeyThatIsSetToNothingIsNoKey() {
        assertEquals(DEMOS, names(found(Map.of("ANTHROPIC_API_KEY", "", "OPENAI_API_KEY", " "))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.anthropic.com", "ftp://hunter2@x", "http://", "http:// x", "https://u:hunter2@host",
            "https://host/?hunter2=1", "https://host/#x"})
    void aBaseUrlThatIsNoneIsTheUsersToMendAndIsNotQuoted(String url) {
        var error = assertThrows(UserError.class, () -> MachineProviders.from(
                Map.of("ANTHROPIC_API_KEY", "sk-ant-1", "ANTHROPIC_BASE_URL", url)));

        assertFalse(error.line().contains("hunter2"), error.line());
    }

    @Test
    void aKeyThatFitsNoHeaderIsTheUsersToMendAndIsNotQuoted() {
        var error = assertThrows(UserError.class,
                () -> MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-\n1")));

        assertFalse(error.line().contains("sk-ant"), error.line());
    }

    @Test
    void noKeyIsPrinted() {
        var found = MachineProviders.from(Map.of("ANTHROPIC_API_KEY", "sk-ant-1"));

        assertFalse(found.toString().contains("sk-ant-1"), found.toString());
    }

    /// What is there on a machine without Ollama.
    private static List<HostedProvider> found(Map<String, String> environment) {
        return MachineProviders.from(environment, _ -> false).stream()
                .filter(hosted -> hosted.presence().getAsBoolean()).toList();
    }

    private static List<String> with(String name) {
        return Stream.concat(DEMOS.stream(), Stream.of(name)).toList();
    }

    private static List<String> names(List<HostedProvider> found) {
        return found.stream().map(hosted -> hosted.provider().name()).toList();
    }
}
