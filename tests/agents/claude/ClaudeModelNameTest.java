package tests.agents.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.agents.LaunchPlan;
import lib.agents.claude.ClaudeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Machine;

/// A model name that is known not to be allowed causes a warning and limits the retries of a launch. How Claude
/// Code resolves names was measured with 2.1.330.
class ClaudeModelNameTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-sonnet-5-5[1m]|claude-sonnet-5-5|",
                "claude-sonnet-5-5[1M]|claude-sonnet-5-5|",
                "Claude-Sonnet-5-5|claude-sonnet-5-5|",
                "sonnet|claude-sonnet-5-5|",
                "Sonnet[1m]|claude-sonnet-4-5|",
                "opusplan|claude-sonnet-5-5|",
                "opus|claude-opus-4-7|",
                "best|claude-opus-5-5|",
                "best|claude-fable-5-2|",
                "haiku|claude-haiku-5-5|",
                "fable|claude-fable-5-2|",
                "default|claude-opus-5-5|",
                "claude-opus-4-1|claude-opus-5-5|",
                "claude-opus-4-20250514|claude-opus-5-5|",
                "sonnet|team-model|ANTHROPIC_DEFAULT_SONNET_MODEL=team-model",
                "opusplan|team-model|ANTHROPIC_DEFAULT_SONNET_MODEL=team-model[1m]",
                "my-model[1m]|my-model[1m]|"
            })
    void aModelThatMayBeAllowedCausesNoWarningAndKeepsTheRetries(String model, String allowed, String variable) {
        var plan = ClaudeLaunches.managed()
                .inheriting(variables(variable))
                .allowing(allowed)
                .model(model)
                .plan();

        assertEquals(List.of(), plan.warnings());
        assertEquals(Optional.empty(), retries(plan));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claude-sonet-5-5|claude-sonnet-5-5|",
                "claude-sonnet-4-5[1m]|claude-sonnet-5-5|",
                "sonnet|claude-opus-5-5|",
                "opus|claude-sonnet-5-5|",
                "haiku|claude-opus-5-5|",
                "claude-opus-4-1|claude-sonnet-5-5|",
                "claude-opus-4-7|claude-opus-5-5|",
                "sonnet-5-5|claude-sonnet-5-5|",
                "sonnet|claude-sonnet-5-5|ANTHROPIC_DEFAULT_SONNET_MODEL=other"
            })
    void aModelKnownToBeDeniedCausesAWarningAndFewerRetriesInEveryMode(String model, String allowed, String variable) {
        for (var launch : List.of(ClaudeLaunches.managed(), ClaudeLaunches.passthrough())) {
            var plan = launch.inheriting(variables(variable))
                    .allowing(allowed)
                    .model(model)
                    .plan();

            assertEquals(1, plan.warnings().size(), plan.warnings().toString());
            assertTrue(
                    plan.warnings()
                            .getFirst()
                            .startsWith("model \"%s\" is not allowed by provider \"claude\"; allowed: %s"
                                    .formatted(model, allowed)),
                    plan.warnings().toString());
            assertEquals(Optional.of("1"), retries(plan));
            assertEquals(
                    "1",
                    plan.settings().path("env").path("CLAUDE_CODE_MAX_RETRIES").asText());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sonnet, us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-5-5, eu.anthropic.claude-sonnet-5-5",
        "eu.anthropic.claude-opus-5-5[1m], eu.anthropic.claude-opus-5-5",
        "opusplan[1m], us.anthropic.claude-sonnet-5-5"
    })
    void onBedrockTooANameThatMayBeAllowedKeepsItsRetries(String model, String allowed) {
        var plan = ClaudeLaunches.bedrock()
                .allowing(allowed, "a-haiku")
                .model(model)
                .plan();

        assertEquals(List.of(), plan.warnings());
        assertEquals(Optional.empty(), retries(plan));
    }

    @Test
    void aModelThatSettingsAskForInAnothersPlaceIsNotJudged() {
        var own = "{\"modelOverrides\":{\"claude-opus-4-7\":\"team-opus\"}}";

        assertEquals(
                List.of(),
                ClaudeLaunches.managed()
                        .allowing("team-opus")
                        .model("claude-opus-4-7")
                        .args("--settings", own)
                        .plan()
                        .warnings());
    }

    @Test
    void aVariableOfASettingsFileOutranksTheInheritedOne() throws IOException {
        var machine = new Machine(temp);
        machine.write("home/.claude/settings.json", "{\"env\":{\"ANTHROPIC_DEFAULT_SONNET_MODEL\":\"team\"}}");
        var launch = ClaudeLaunches.managed()
                .inheriting(Map.of("ANTHROPIC_DEFAULT_SONNET_MODEL", "other"))
                .files(ClaudeSettings.find(machine.host(), Optional.empty()));

        assertEquals(List.of(), launch.allowing("team").model("sonnet").plan().warnings());
        assertEquals(
                1, launch.allowing("other").model("sonnet").plan().warnings().size());
    }

    @Test
    void theDefaultOfASubscriptionIsNotKnown() {
        assertEquals(
                List.of(),
                ClaudeLaunches.passthrough()
                        .allowing("claude-sonnet-5-5")
                        .plan()
                        .warnings());
        assertEquals(
                List.of(),
                ClaudeLaunches.passthrough()
                        .allowing("claude-haiku-5-5")
                        .model("default")
                        .plan()
                        .warnings());
        assertEquals(
                List.of(),
                ClaudeLaunches.managed()
                        .inheriting(Map.of("ANTHROPIC_DEFAULT_OPUS_MODEL", "team"))
                        .allowing("team")
                        .plan()
                        .warnings());
    }

    private static Map<String, String> variables(String assignments) {
        var variables = new TreeMap<String, String>();
        if (assignments != null)
            Arrays.stream(assignments.split(" "))
                    .forEach(each -> variables.put(each.split("=")[0], each.split("=")[1]));
        return variables;
    }

    private static Optional<String> retries(LaunchPlan plan) {
        return Optional.ofNullable(plan.env().get("CLAUDE_CODE_MAX_RETRIES"));
    }
}
