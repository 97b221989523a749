package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// `--token`, `RPAI_TOKEN`, and the modes `token` and `none`, by way of `rpkai auth token`.
class StaticTokensTest {
    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp);
    }

    @Test
    void aGivenTokenIsPrintedUnchanged() {
        assertEquals(new Machine.Result(0, "by-flag\n", ""), machine.run("auth", "token", "--token", "by-flag"));
        assertEquals(
                new Machine.Result(0, "by-variable\n", ""),
                machine.with("RPAI_TOKEN", "by-variable").run("auth", "token"));
    }

    @Test
    void aGivenTokenWinsOverEveryModeOfTheProfile() {
        for (var mode : new String[] {"device", "rpk", "token", "none"}) {
            machine.profile("prod", "ai_gateway_url: http://localhost:1\nauth_mode: " + mode + "\n");

            assertEquals(
                    "given\n", machine.run("auth", "token", "--token", "given").out(), mode);
        }
    }

    @Test
    void aGivenTokenThatExpiredIsNotPrinted() {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            var expired = idp.lifetime(Duration.ofSeconds(-1)).signIn().accessToken();

            for (var result : new Machine.Result[] {
                machine.run("auth", "token", "--token", expired),
                machine.with("RPAI_TOKEN", expired).run("auth", "token")
            }) {
                assertEquals(
                        new Machine.Result(
                                1,
                                "",
                                "rpkai: the token of --token or RPAI_TOKEN has expired: pass a new one, "
                                        + "or run rpkai auth login\n"),
                        result);
            }
        }
    }

    @Test
    void aGivenTokenThatNoHeaderCanCarryIsRefusedWithoutShowingIt() {
        machine.profile("prod", "ai_gateway_url: http://127.0.0.1:1\n").with("RPAI_TOKEN", "hunter2\nX-Evil: 1");

        for (var command : new String[] {"auth token", "llm list", "auth status", "env show"}) {
            var result = machine.run(("-v " + command).split(" "));

            assertFalse((result.out() + result.err()).contains("hunter2"), command + ": " + result);
        }
        assertEquals(1, machine.run("auth", "token").exitCode());
        assertEquals(1, machine.run("llm", "list").err().lines().count());
    }

    @Test
    void modeTokenWithoutATokenExplainsHowToSetOne() {
        machine.profile("ci", "ai_gateway_url: http://localhost:1\nauth_mode: token\n");

        assertEquals(
                new Machine.Result(
                        1,
                        "",
                        "rpkai: no usable gateway token (auth_mode is token, but no token is set): set RPAI_TOKEN "
                                + "or pass --token\n"),
                machine.run("auth", "token"));
    }

    @Test
    void modeNoneHasNoTokenToPrint() {
        machine.profile("local", "ai_gateway_url: http://localhost:1\nauth_mode: none\n");

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("rpkai: this environment has no token (auth_mode is none)"), result.err());
        assertEquals(1, result.err().lines().count());
    }
}
