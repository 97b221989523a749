package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;

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
        assertFalse((set.err() + list.out() + list.err() + machine.run("secret", "list", "-o", "json", "-v").out()).contains(VALUE));
        try (var state = GatewayState.open(machine.home().resolve(".rpai/gateway"), machine.host())) {
            assertEquals(VALUE, state.secrets().find("KEY").orElseThrow().reveal());
        }
    }

    @Test
    void aValueInTheArgumentsIsRefusedAndNotRepeated() {
        for (var arguments : new String[][] {{"secret", "set", "KEY", VALUE}, {"secret", "set", VALUE}, {"secret", "set", "KEY", "--value=" + VALUE}}) {
            var refused = machine.typing("").run(arguments);

            assertEquals(2, refused.exitCode());
            assertFalse(refused.err().contains(VALUE), refused.err());
        }
        assertEquals("NAME  UPDATED\n", machine.run("secret", "list").out());
    }

    @Test
    void aVariableThatWouldComeFirstIsPointedOut() {
        var set = machine.with("OPENAI_API_KEY", "x").with("KEY", "x").typing(VALUE).run("secret", "set", "OPENAI_API_KEY");

        assertTrue(set.err().contains("warning: a gateway that is started with the variable OPENAI_API_KEY goes by that one"), set.err());
        assertFalse(machine.typing(VALUE).run("secret", "set", "KEY").err().contains("warning"), "references may not name that one");
    }

    @Test
    void deletingOneThatIsNotThereIsAnError() {
        assertEquals(1, machine.run("secret", "delete", "KEY").exitCode());
        machine.typing(VALUE).run("secret", "set", "KEY");

        assertEquals("Secret KEY is deleted.\n", machine.run("secret", "delete", "KEY").err());
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
    void nothingIsNoValue() {
        var refused = machine.typing("\n").run("secret", "set", "KEY");

        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().startsWith("rpkai: the value is empty"), refused.err());
    }
}
