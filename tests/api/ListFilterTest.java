package tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.api.ResourceKind;
import lib.api.resource.ListFields;
import lib.api.resource.ListFilter;
import lib.api.resource.ListOrder;
import lib.api.resource.ListSyntaxError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The filters of AIP-160 and the orders of AIP-132.
class ListFilterTest {
    private static final ListFields FIELDS = ListFields.of(ResourceKind.LLM);
    private static final JsonNode CLAUDE = yaml("""
            {name: claude-eu, displayName: Claude "EU", type: LLM_PROVIDER_TYPE_ANTHROPIC, enabled: true, tags: \
            {team: search, "cost center": '4711'},
             anthropicConfig: {apiKeyRef: KEY, baseUrl: 'https://a.example'}, models: [sonnet], providerModels: \
            [{name: opus}], createdAt: '2026-09-02T08:00:00Z'}""");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "name = claude-eu",
                "name=\"claude-eu\"",
                "name = 'claude-eu'",
                "name = claude*",
                "name = *-eu",
                "name = \"*aud*\"",
                "name : aud",
                "name:claude-eu",
                "NAME = claude-eu",
                "display_name = 'Claude \"EU\"'",
                "displayName = \"Claude \\\"EU\\\"\"",
                "display_name:claude",
                "type = anthropic",
                "type = ANTHROPIC",
                "type = LLM_PROVIDER_TYPE_ANTHROPIC",
                "type != openai",
                "enabled = true",
                "enabled != false",
                "NOT enabled = false",
                "-enabled = false",
                "NOT (type = openai OR type = google)",
                "type = openai OR enabled = true",
                "guardrail = \"\"",
                "NOT guardrail:*",
                "tags.team = search",
                "tags:team",
                "tags.team:*",
                "tags.\"cost center\" = 4711",
                "tags.absent != x",
                "anthropic_config.api_key_ref = KEY",
                "anthropicConfig.baseUrl = \"https://a.example\"",
                "anthropic_config:*",
                "models:sonnet",
                "provider_models:opus",
                "provider_models.name = opus",
                "NOT models:opus",
                "created_at > \"2026-09-01\"",
                "created_at <= \"2026-09-02T08:00:00Z\"",
                "type = anthropic AND enabled = true",
                "type = anthropic enabled = true",
                "(type = anthropic) AND (enabled = true)",
                "claude",
                "\"Claude\" AND eu",
                // OR binds tighter than AND: false AND (true OR true) would be true the other way round.
                "enabled = true AND type = openai OR type = anthropic"
            })
    void itHolds(String filter) {
        assertTrue(ListFilter.of(filter, FIELDS).holds(CLAUDE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = claude",
                "name = eu*",
                "name != claude-eu",
                "name : CLAUDEX",
                "type = openai",
                "enabled = false",
                "NOT enabled = true",
                "guardrail:*",
                "tags.team = ranking",
                "tags:absent",
                "tags.absent:*",
                "models:opus",
                "created_at < \"2026-09-01\"",
                "display_name < A",
                "type = anthropic AND enabled = false",
                "type = openai OR type = google",
                "gemini",
                "enabled = maybe",
                "type = openai AND enabled = true OR type = anthropic"
            })
    void itDoesNotHold(String filter) {
        assertFalse(ListFilter.of(filter, FIELDS).holds(CLAUDE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nmae = x | 1 | lists of providers have no field \"nmae\"; did you mean name?",
                "enabled = true AND nmae = x | 20 | lists of providers have no field \"nmae\"",
                "anthropic_config.bse_url = x | 1 | lists of providers have no field \"anthropic_config.bse_url\"",
                "name = | 7 | a value after \"=\" is missing",
                "= x | 1 | a field or a value is missing before \"=\"",
                "name = \"x | 8 | the closing quotation mark is missing",
                "(name = x | 10 | a closing parenthesis is missing",
                "name = x) | 9 | \")\" is unexpected",
                "name = x AND | 13 | a field or a value is missing",
                "name = x OR | 12 | a field or a value is missing",
                "NOT | 4 | a field or a value is missing",
                "AND name = x | 1 | a condition is missing before AND",
                "() | 2 | a field or a value is missing before \")\"",
                "name == x | 7 | a value after \"=\" is missing before \"=\"",
                "name = x, y | 9 | "
            })
    void aSyntaxErrorIsReportedWithItsPosition(String filter, int position, String message) {
        var error = assertThrows(ListSyntaxError.class, () -> ListFilter.of(filter, FIELDS));

        assertTrue(
                error.getMessage().startsWith("at position %d: %s".formatted(position, message == null ? "" : message)),
                error.getMessage());
        assertEquals(position, error.position());
    }

    @Test
    void oneThatIsNestedOrLongWithoutEndIsRefused() {
        for (var filter : List.of("(".repeat(4000), "NOT ".repeat(1000) + "x", "a".repeat(5000)))
            assertThrows(ListSyntaxError.class, () -> ListFilter.of(filter, FIELDS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | a b c",
                "name desc | c b a",
                "display_name | c a b",
                "display_name desc, name desc | b a c",
                "display_name asc,name | c a b",
                "tags.rank | c a b",
                "tags.rank desc | b a c"
            })
    void anOrderIsThatOfItsFieldsNumbersAsNumbers(String order, String names) {
        var all = new ArrayList<>(List.of(
                yaml("{name: b, displayName: X, tags: {rank: '10'}}"),
                yaml("{name: a, displayName: X, tags: {rank: '9'}}"),
                yaml("{name: c}")));

        all.sort(ListOrder.of("name", FIELDS).comparator());
        all.sort(ListOrder.of(order, FIELDS).comparator());

        assertEquals(
                names,
                String.join(
                        " ",
                        all.stream().map(each -> each.path("name").asText()).toList()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"nmae | 1", "name down | 1", "name, , type | 7", "name desc,  tpe | 13", "name desc desc | 1"})
    void anInvalidOrderIsReportedWithItsPosition(String order, int position) {
        assertEquals(
                position,
                assertThrows(ListSyntaxError.class, () -> ListOrder.of(order, FIELDS))
                        .position());
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
