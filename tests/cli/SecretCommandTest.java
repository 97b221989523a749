package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;

class SecretCommandTest {
    private static final String VALUE = "sk-ant-api03-the-value-itself";

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void machine() {
        machine = new Machine(temp).with("NO_COLOR", "1");
    }

    @Test
    void aSecretIsReadFromStandardInputAndNeverShown() {
        var set = machine.typing(VALUE + "\n").run("secret", "set", "KEY");
        var list = machine.run("secret", "list");

        assertEquals(new Machine.Result(0, "", "Secret KEY is set.\n"), set);
        assertTrue(list.out().matches("(?s)NAME +UPDATED\nKEY +2[-0-9]{9}T[:0-9]{8}Z\n"), list.out());
        assertFalse((set.err()
                        + list.out()
                        + list.err()
                        + machine.run("secret", "list", "-o", "json", "-v").out())
                .contains(VALUE));
        try (var state = GatewayState.open(machine.home().resolve(".rpai/gateway"), machine.host())) {
            assertEquals(VALUE, state.secrets().find("KEY").orElseThrow().reveal());
        }
    }

    @Test
    void aValueInTheArgumentsIsRefusedAndNotRepeated() {
        for (var arguments : new String[][] {
            {"secret", "set", "KEY", VALUE}, {"secret", "set", VALUE}, {"secret", "set", "KEY", "--value=" + VALUE}
        }) {
            var refused = machine.typing("").run(arguments);

            assertEquals(2, refused.exitCode());
            assertFalse(refused.err().contains(VALUE), refused.err());
        }
        assertEquals("NAME  UPDATED\n", machine.run("secret", "list").out());
    }

    @Test
    void aVariableThatWouldComeFirstIsPointedOut() {
        var set = machine.with("OPENAI_API_KEY", "x")
                .with("KEY", "x")
                .typing(VALUE)
                .run("secret", "set", "OPENAI_API_KEY");

        assertTrue(set.err().contains("warning: environment variable OPENAI_API_KEY overrides this secret"), set.err());
        assertFalse(
                machine.typing(VALUE).run("secret", "set", "KEY").err().contains("warning"),
                "references may not name that one");
    }

    @Test
    void deletingAMissingSecretIsAnError() {
        assertEquals(1, machine.run("secret", "delete", "KEY").exitCode());
        machine.typing(VALUE).run("secret", "set", "KEY");

        assertEquals(
                "Secret KEY is deleted.\n",
                machine.run("secret", "delete", "KEY").err());
        assertEquals("[ ]\n", machine.run("secret", "list", "-o", "json").out());
    }

    @Test
    void anotherFolderIsAnotherState() {
        machine.typing(VALUE).run("secret", "set", "KEY", "--state", "elsewhere");

        assertTrue(Files.exists(machine.cwd().resolve("elsewhere/state.db")));
        assertEquals("NAME  UPDATED\n", machine.run("secret", "list").out());
        assertTrue(machine.run("secret", "list", "--state", "elsewhere").out().contains("KEY"));
    }

    @Test
    void aSecretIsCreatedReadAndUpdatedAndItsValueIsNeverShown() {
        machine.write("work/key.txt", VALUE + "\n");

        assertEquals(
                new Machine.Result(0, "", "Secret KEY is created.\n"),
                machine.run("secret", "create", "KEY", "--value-file", "key.txt"));
        assertEquals(
                "rpkai: secret KEY already exists: run rpkai secret update KEY\n",
                machine.typing(VALUE).run("secret", "create", "KEY").err());
        assertEquals(
                new Machine.Result(0, "", "Secret KEY is updated.\n"),
                machine.typing(VALUE + "2").run("secret", "update", "KEY", "--value-file", "-"));
        assertEquals(
                "rpkai: there is no secret OTHER: run rpkai secret list\n",
                machine.typing(VALUE).run("secret", "update", "OTHER").err());
        for (var format : new String[] {"table", "json", "yaml"})
            assertFalse(machine.run("secret", "get", "KEY", "-o", format).out().contains(VALUE));
        assertEquals(
                "",
                machine.run("secret", "list", "-o", "csv", "--name-contains", "X")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElse(""));
        try (var state = GatewayState.open(machine.home().resolve(".rpai/gateway"), machine.host())) {
            assertEquals(VALUE + "2", state.secrets().find("KEY").orElseThrow().reveal());
        }
    }

    @Test
    void aValueInTheArgumentsIsTakenAsUpstreamTakesItAndWarnedOf() {
        var created = machine.run("secret", "create", "KEY", "--value", VALUE);

        assertEquals(0, created.exitCode());
        assertTrue(created.err().startsWith("rpkai: warning: other processes can see --value"), created.err());
        assertFalse(created.err().contains(VALUE), created.err());
        assertEquals(2, machine.run("secret", "create", "KEY", VALUE).exitCode());
        assertEquals(
                2,
                machine.run("secret", "create", "KEY", "--value", VALUE, "--value-file", "x")
                        .exitCode());
    }

    @Test
    void deletingASecretNamesTheProvidersThatStillReferToIt() {
        machine.typing(VALUE).run("secret", "set", "KEY");
        try (var state = GatewayState.open(machine.home().resolve(".rpai/gateway"), machine.host())) {
            state.providers().change(table -> {
                var claude = JsonNodeFactory.instance.objectNode().put("name", "claude");
                claude.putObject("anthropicConfig").put("apiKeyRef", "KEY");
                table.put(StoredResource.now(claude, state.clock().instant()));
                return null;
            });
        }

        assertEquals(
                "Secret KEY is deleted.\nrpkai: warning: still used by provider \"claude\"\n",
                machine.run("secret", "remove", "KEY").err());
    }

    @Test
    void aGatewayWithoutASecretServiceIsReported() {
        try (var gateway = FakeGateway.start()) {
            machine.profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                    .with("RPAI_TOKEN", "t")
                    .typing(VALUE);
            for (var line : new String[] {
                "secret list", "secret get KEY", "secret create KEY", "secret update KEY", "secret delete KEY"
            }) {
                assertEquals(
                        new Machine.Result(
                                1,
                                "",
                                ("rpkai: the AI Gateway at %s does not support managing secrets remotely "
                                                + "(HTTP 404): run "
                                                + "rpkai secret set on the gateway's machine, or pass "
                                                + "--local for this machine\n")
                                        .formatted(gateway.url())),
                        machine.run(line.split(" ")));
            }
            assertEquals(
                    "NAME  UPDATED\n", machine.run("secret", "list", "--local").out());
        }
    }

    @Test
    void anEmptyValueIsRejected() {
        var refused = machine.typing("\n").run("secret", "set", "KEY");

        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().startsWith("rpkai: the value is empty"), refused.err());
    }
}
