package tests.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.api.ProviderType;
import lib.api.ResourceKind;
import lib.base.Json;
import lib.gateway.formats.Formats;
import lib.gateway.management.definition.Definitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Repository;

/// Checks that everything about a provider type is in one file of `lib.api.type`.
class ProviderTypeTest {
    private static final Pattern NAMED = Pattern.compile("ProviderType\\.(%s)\\b|ProviderApi\\.[A-Z]+"
            .formatted(ProviderType.KNOWN.stream()
                    .map(type -> type.wire().substring("LLM_PROVIDER_TYPE_".length()))
                    .collect(Collectors.joining("|"))));

    /// Files that name a type, each with its reason: to add a type does not mean to change them.
    private static final Map<String, String> NAMING = Map.ofEntries(
            Map.entry("agents/claude/ClaudeAgent.java", "an agent knows which APIs it speaks"),
            Map.entry("agents/claude/ClaudeCode.java", "an agent knows which APIs it speaks"),
            Map.entry("agents/claude/ClaudeMode.java", "Claude Code has a mode of its own for Bedrock"),
            Map.entry("agents/codex/Codex.java", "an agent knows which APIs it speaks"),
            Map.entry("agents/codex/CodexAgent.java", "an agent knows which APIs it speaks"),
            Map.entry("agents/exec/GenericProgram.java", "most programs speak OpenAI's API"),
            Map.entry("agents/gemini/GeminiCli.java", "an agent knows which APIs it speaks"),
            Map.entry("agents/gemini/QwenCode.java", "an agent knows which APIs it speaks"),
            Map.entry("agents/opencode/OpenCode.java", "an agent knows which APIs it speaks"),
            Map.entry("cli/connect/ClaudeSnippet.java", "Claude Code has variables of its own for Bedrock"),
            Map.entry("gateway/WarmUp.java", "two common formats are enough to warm up a process"),
            Map.entry("gateway/catalog/MachineProviders.java", "Ollama is one provider, not a type"),
            Map.entry("gateway/management/definition/Rules.java", "requestStreamUsage is a field of OpenAI's API"),
            Map.entry("models/Catalogue.java", "inference profiles are Bedrock's alone"));

    @Test
    void noOtherFileHasToChangeForANewType() throws IOException {
        var lib = Repository.root().resolve("lib");
        var naming = new TreeSet<String>();
        try (var files = Files.walk(lib)) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                var path = lib.relativize(file).toString().replace('\\', '/');
                if (path.startsWith("api/type/") || path.equals("api/ProviderType.java")) continue;
                try (var lines = Files.lines(file)) {
                    if (lines.anyMatch(line -> !line.strip().startsWith("//")
                            && NAMED.matcher(line).find())) naming.add(path);
                }
            }
        }
        assertEquals(String.join("\n", new TreeSet<>(NAMING.keySet())), String.join("\n", naming));
    }

    @ParameterizedTest
    @MethodSource("known")
    void everyTypeHasAFormatThatKnowsItsSmallestRequest(ProviderType type) throws IOException {
        var request = type.spec().orElseThrow().client().smallest();
        assertTrue(Json.read(request.body().replace("{model}", "\"m\"")).isObject(), request.body());
        assertTrue(request.path().startsWith("/"), request.path());
        assertDoesNotThrow(() -> Formats.of(type));
    }

    @ParameterizedTest
    @MethodSource("known")
    void clientAndGatewayKnowTheSameFieldsOfItsConfiguration(ProviderType type) {
        var config = type.spec().orElseThrow().config();
        assertEquals(Optional.of(config.field()), ResourceKind.LLM.config(type.wire()));
        for (var field : config.fields())
            assertEquals(
                    Optional.of(field.kind()),
                    ResourceKind.LLM.field(config.field() + "." + field.path()),
                    field.path());

        var definition =
                JsonNodeFactory.instance.objectNode().put("name", "mine").put("type", type.label());
        var given = definition.putObject(config.field()).put("baseUrl", "https://llm.example");
        if (config.has("region")) given.put("region", "eu-west-1");
        if (config.has("apiKeyRef")) given.put("apiKeyRef", "A_KEY");
        var kept = Definitions.LLM.create(definition);

        assertEquals(type.wire(), kept.path("type").asText());
        assertEquals(given, kept.path(config.field()));
    }

    @Test
    void aTypeOfANewerGatewayIsAValueLikeAnyOther() {
        var future = ProviderType.of("LLM_PROVIDER_TYPE_FUTURE");

        assertEquals(ProviderType.of("LLM_PROVIDER_TYPE_FUTURE"), future);
        assertEquals("future", future.label());
        assertFalse(ProviderType.KNOWN.contains(future));
        assertEquals(Optional.empty(), future.spec());
        assertEquals(Optional.of(future), ProviderType.named("LLM_PROVIDER_TYPE_FUTURE"));
    }

    private static Iterable<ProviderType> known() {
        return ProviderType.KNOWN;
    }
}
