package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

/// Every spelling of every global flag, before, between and after the command's name.
class GlobalFlagsTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void aMachineWithTwoConfigs() {
        machine = new Machine(temp).profile("home", "ai_gateway_url: http://home\n");
        machine.write(
                "home/.rpai/config",
                "current: home\nprofiles:\n  home: {ai_gateway_url: http://home}\n  second: "
                        + "{ai_gateway_url: http://second}\n");
        machine.write("work/other", "current: other\nprofiles:\n  other: {ai_gateway_url: http://other}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "-c other,name,other",
        "--config other,name,other",
        "--rpai-config other,name,other",
        "--config=other,name,other",
        "-cother,name,other",
        "-p second,name,second",
        "--profile second,name,second",
        "--rpai-profile second,name,second",
        "--rpai-environment second,name,second",
        "--rpai-environment=second,name,second",
        "-s http://x,ai_gateway_url,http://x",
        "--endpoint http://x,ai_gateway_url,http://x",
        "--rpai-endpoint http://x,ai_gateway_url,http://x",
        "--token t,token,<redacted>",
        "--token=t,auth_mode,token",
        "--no-color,name,home",
        "-v,name,home",
        "--verbose,name,home",
        "--rpai-verbose,name,home"
    })
    void aFlagIsTakenWhereverItStands(String flag, String field, String value) throws IOException {
        for (int at = 0; at <= 2; at++) {
            var args = new ArrayList<>(List.of("env", "show"));
            args.addAll(at, List.of(flag.split(" ")));
            args.addAll(List.of("-o", "json"));

            assertEquals(value, show(args.toArray(String[]::new)).path(field).asText(), args.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o", "--format"})
    void theFormatIsTakenWhereverItStands(String flag) {
        var json = machine.run("env", "show", "-o", "json").out();

        assertEquals(json, machine.run(flag, "json", "env", "show").out());
        assertEquals(json, machine.run("env", flag, "json", "show").out());
        assertEquals(json, machine.run("env", "show", flag, "json").out());
    }

    @ParameterizedTest
    @CsvSource({
        "RPAI_CONFIG,other,--config,../home/.rpai/config,name,other,home",
        "RPAI_PROFILE,second,--profile,home,name,second,home"
    })
    void aVariableWinsOverTheFileAndAFlagOverTheVariable(
            String variable, String set, String flag, String given, String field, String byVariable, String byFlag)
            throws IOException {
        machine.with(variable, set);

        assertEquals(byVariable, show("env", "show", "-o", "json").path(field).asText());
        assertEquals(
                byFlag,
                show(flag, given, "env", "show", "-o", "json").path(field).asText());
    }

    @Test
    void aTokenVariableIsTakenAndAFlagWinsOverIt() {
        machine.with("RPAI_TOKEN", "by-variable");

        assertEquals("by-variable\n", machine.run("auth", "token").out());
        assertEquals(
                "by-flag\n", machine.run("auth", "token", "--token", "by-flag").out());
    }

    @Test
    void aFormatVariableIsTakenAndAFlagWinsOverIt() {
        machine.with("RPAI_FORMAT", "json");

        assertTrue(machine.run("env", "show").out().startsWith("{"));
        assertTrue(machine.run("env", "show", "-o", "yaml").out().startsWith("name: home"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "-p", "-s", "--token", "-o"})
    void anEmptyFlagCountsAsNotGiven(String flag) throws IOException {
        machine.with("RPAI_FORMAT", "json");

        assertEquals("home", show(flag, "", "env", "show").path("name").asText());
    }

    @Test
    void aTokenFlagThatIsEmptyStillLetsTheVariableIn() {
        assertEquals(
                "by-variable\n",
                machine.with("RPAI_TOKEN", "by-variable")
                        .run("--token", "", "auth", "token")
                        .out());
    }

    @Test
    void detailsAreShownOnlyOnRequest() {
        assertEquals(1, machine.run("-p", "nope", "auth", "token").err().lines().count());
        for (var flag : new String[] {"-v", "--verbose", "--rpai-verbose"}) {
            assertTrue(
                    machine.run("-p", "nope", "auth", "token", flag).err().contains("\tat lib.config.Settings"), flag);
            assertTrue(
                    machine.run(flag, "-p", "nope", "auth", "token").err().contains("\tat lib.config.Settings"), flag);
        }
        assertTrue(machine.with("RPAI_VERBOSE", "1")
                .run("-p", "nope", "auth", "token")
                .err()
                .contains("\tat lib.config.Settings"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense env show",
                "env show --nonsense",
                "env show -x",
                "-o",
                "env show -o toml",
                "env show --endpoint nope",
                "nonsense",
                ""
            })
    void badUsageIsOneLineAndExitTwo(String command) {
        var result = machine.run(command.isEmpty() ? new String[0] : command.split(" "));

        assertEquals(2, result.exitCode(), command);
        assertEquals("", result.out(), command);
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("rpkai: "), result.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "auth --help",
                "auth token --help",
                "env add -h",
                "llm --help",
                "run claude --help"
            })
    void helpIsOnStdoutAndNoFailure(String command) {
        var result = machine.run(command.split(" "));

        assertEquals(0, result.exitCode(), result.err());
        assertTrue(result.out().contains("\nUsage: rpkai"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void helpNeedsNoReadableConfig() {
        machine.write("home/.rpai/config", "[broken");

        assertEquals(0, machine.run("auth", "login", "--help").exitCode());
    }

    @Test
    void theFlagIsOnlyForItsInvocation() throws IOException {
        machine.run("-p", "second", "env", "show");

        assertEquals("home", show("env", "show", "-o", "json").path("name").asText());
        assertFalse(machine.run("env", "list", "--local").out().contains("* second"));
    }

    private JsonNode show(String... args) throws IOException {
        var result = machine.run(args);
        assertEquals(0, result.exitCode(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void theValueOfAMistypedFlagIsNotRepeated() {
        for (var args : new String[][] {{"auth", "status", "--tokn", "s3cret"}, {"auth", "status", "--tokn=s3cret"}}) {
            var result = new Machine(temp).run(args);

            assertEquals(2, result.exitCode());
            assertTrue(result.err().startsWith("rpkai: unknown option: '--tokn'"), result.err());
            assertFalse(result.err().contains("s3cret"), result.err());
        }
    }
}
