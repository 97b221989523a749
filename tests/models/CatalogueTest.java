package tests.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.api.ProviderType;
import lib.models.Catalogue;
import lib.models.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    private static final Set<String> CAPABILITIES = Set.of(
            "streaming",
            "tools",
            "jsonMode",
            "structuredOutput",
            "vision",
            "audio",
            "multiTurn",
            "systemPrompts",
            "reasoning");

    @Test
    void everyModelNamesItsSourceAndHasOnlyFieldsOfTheApi() {
        var models = Catalogue.standard().list(Optional.empty(), Optional.empty());
        var names = new HashSet<String>();

        assertFalse(models.isEmpty());
        for (var model : models) {
            assertTrue(names.add(model.type() + " " + model.name()), model.name() + " occurs twice");
            assertTrue(model.facts().path("source").asText().startsWith("https://"), model.name());
            assertTrue(
                    LocalDate.parse(model.facts().path("asOf").asText())
                            .isBefore(LocalDate.now(ZoneOffset.UTC).plusDays(2)),
                    model.name());
            assertTrue(
                    CAPABILITIES.containsAll(model.facts()
                            .path("capabilities")
                            .valueStream()
                            .map(each -> each.asText())
                            .toList()),
                    model.name());
            for (var limit : List.of("maxInputTokens", "maxOutputTokens")) {
                assertTrue(
                        !model.facts().has(limit) || model.facts().path(limit).asLong() > 0, model.name());
            }
        }
    }

    @Test
    void eachTypeHasModels() {
        for (var type :
                List.of(ProviderType.ANTHROPIC, ProviderType.BEDROCK, ProviderType.GOOGLE, ProviderType.OPENAI)) {
            assertFalse(
                    Catalogue.standard()
                            .list(Optional.of(type), Optional.empty())
                            .isEmpty(),
                    type.label());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "eu-central-1, eu global",
        "us-east-1, global us",
        "ap-northeast-1, global jp",
        "ap-southeast-2, au global",
        "us-gov-west-1, ''"
    })
    void onBedrockAModelIsAnInferenceProfileThatCanBeCalledFromTheRegion(String region, String prefixes) {
        var found = Catalogue.standard().list(Optional.of(ProviderType.BEDROCK), Optional.of(region)).stream()
                .map(Model::name)
                .filter(name -> name.endsWith("anthropic.claude-haiku-4-5-20251001-v1:0"))
                .map(name -> name.split("\\.")[0])
                .sorted()
                .toList();

        assertEquals(prefixes, String.join(" ", found));
    }

    @Test
    void aModelIsReadAsTheApiHasIt() {
        var model = Catalogue.standard()
                .find("claude-haiku-4-5-20251001", Optional.empty())
                .getFirst()
                .toJson(java.time.Instant.parse("2026-11-22T00:00:00Z"));

        assertEquals("LLM_PROVIDER_TYPE_ANTHROPIC", model.path("providerType").asText());
        assertTrue(model.path("maxInputTokens").isTextual());
        assertEquals(
                "100000000",
                model.path("defaultPricing").path("inputPerMillion").asText());
        assertTrue(model.path("capabilities").path("tools").isBoolean());
        assertFalse(model.has("source"));
    }
}
