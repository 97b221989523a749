package tests.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.api.Providers;
import lib.api.ProxyUrl;
import lib.base.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.gateway.ProviderJson;

class ProviderTest {
    @Test
    void absentFieldsAreEmptyOrFalse() {
        assertEquals(Provider.of("", ProviderType.UNSPECIFIED).withOption(Provider.Option.ENABLED, false), read("{}"));
    }

    @Test
    void bothAllowlistsAreUnitedInOrderWithoutRepeats() {
        var provider = read("{'models': ['a', 'b', ''], 'providerModels': [{'name': 'b'}, {'name': 'c'}, {}]}");

        assertEquals(List.of("a", "b", "c"), provider.models());
        assertTrue(provider.allows("c"));
        assertFalse(provider.allows("d"));
    }

    @Test
    void anEmptyAllowlistAllowsEveryModel() {
        assertTrue(read("{'models': [], 'providerModels': []}").allows("anything"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropicConfig", "openaiConfig", "openaiCompatibleConfig"})
    void passthroughIsReadFromEveryConfigThatHasIt(String config) {
        assertTrue(read("{'%s': {'authorizationPassthrough': true}}".formatted(config))
                .passthrough());
        assertFalse(read("{'%s': {'authorizationPassthrough': false}}".formatted(config))
                .passthrough());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name': 5, 'enabled': 'true', 'models': 'x', 'type': {}}",
                "{'models': [{}], 'providerModels': ['x', null]}",
                "{'anthropicConfig': [], 'url': null, 'name': null}"
            })
    void jsonOfTheWrongShapeDoesNotThrow(String json) {
        assertDoesNotThrow(() -> read(json));
    }

    @Test
    void aProviderSurvivesWritingAndReading() {
        for (var json : new JsonNode[] {
            ProviderJson.anthropic("a", "m", "n"),
            ProviderJson.passthrough("b"),
            ProviderJson.openai("c").put("enabled", false),
            ProviderJson.ofUnknownType("d")
        }) {
            var provider = Provider.fromJson(json);

            assertEquals(provider, Provider.fromJson(provider.toJson()));
        }
    }

    @Test
    void zeroValuesAreLeftOut() {
        assertEquals(
                "{\"name\":\"a\",\"type\":\"LLM_PROVIDER_TYPE_OPENAI\"}",
                read("{'name': 'a', 'type': 'LLM_PROVIDER_TYPE_OPENAI'}")
                        .toJson()
                        .toString());
    }

    @ParameterizedTest
    @CsvSource({
        "LLM_PROVIDER_TYPE_ANTHROPIC,anthropic",
        "LLM_PROVIDER_TYPE_OPENAI_COMPATIBLE,openai_compatible",
        "LLM_PROVIDER_TYPE_FROM_THE_FUTURE,from_the_future",
        "SOMETHING_ELSE,something_else",
        "'',unspecified"
    })
    void aTypeHasTheNameThatUsersType(String wire, String label) {
        assertEquals(label, ProviderType.of(wire).label());
    }

    @Test
    void aProxyUrlIsBelowTheGateway() {
        assertEquals(
                URI.create("https://aigw.example/base/llm/v1/providers/claude-2"),
                ProxyUrl.of(URI.create("https://aigw.example/base"), "claude-2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/../b", "a.b", "A", ""})
    void aNameThatWouldBeAnotherPathHasNoProxyUrl(String name) {
        assertThrows(UserError.class, () -> ProxyUrl.of(URI.create("https://aigw.example"), name));
    }

    @Test
    void aFixedListFindsItsProvidersAndNamesThemWhenItDoesNot() {
        var claude = Provider.fromJson(ProviderJson.anthropic("claude"));
        var providers = Providers.of(List.of(claude), "the embedded gateway");

        assertEquals(new Lookup.Found(claude), providers.find("claude"));
        assertEquals(
                "provider \"gpt\" not found at the embedded gateway: use one of claude",
                assertThrows(UserError.class, () -> providers.find("gpt")).line());
    }

    private static Provider read(String json) {
        try {
            return Provider.fromJson(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
