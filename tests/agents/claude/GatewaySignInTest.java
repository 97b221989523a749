package tests.agents.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;

/// A sign-in of Claude Code at another gateway, which would take every request there.
class GatewaySignInTest {
    private static final String SIGN_IN = "{\"gatewayTrust\":{\"gw.example\":\"aa\"},"
            + "\"enterpriseGateway\":{\"url\":\"https://gw.example:8443/cc\",\"jwt\":\"hunter2\","
            + "\"expiresAt\":4102444800000,\"idpRefreshToken\":\"hunter3\"}}";

    @TempDir
    Path temp;

    private Machine machine;
    private FakeGateway gateway;

    @BeforeEach
    void start() {
        gateway = FakeGateway.start()
                .tokens(_ -> true)
                .provider(ProviderJson.anthropic("claude"))
                .provider(ProviderJson.passthrough("own"))
                .provider(ProviderJson.bedrock("aws", "us-east-1"));
        machine = new Machine(temp).profile("open", "ai_gateway_url: %s\nauth_mode: none\n".formatted(gateway.url()));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"claude,", "claude, --broker", "own,", "aws,", "demo, --embedded"})
    void aLaunchIsRefusedInEveryModeWithTheGatewayTheFileAndTheCommand(String provider, String flag) {
        var file = machine.write("home/.claude/.credentials.json", SIGN_IN);

        var refused = run(provider, flag == null ? new String[0] : new String[] {flag});

        assertEquals(refusal(file.toString(), ""), refused);
    }

    @Test
    void anotherConfigHomeIsFine() {
        machine.write("home/.claude/.credentials.json", SIGN_IN);

        assertEquals("", run("claude", "--claude-config-dir", "elsewhere", "--print-settings"));
        machine.with("CLAUDE_CONFIG_DIR", temp.resolve("other").toString());
        assertEquals("", run("claude", "--print-settings"));
    }

    @Test
    void theSignInOfTheConfigHomeInUseCounts() {
        var file = machine.write("work/mine/.credentials.json", SIGN_IN);
        var home = file.getParent();

        assertEquals(
                refusal(file.toString(), "CLAUDE_CONFIG_DIR=%s ".formatted(home)),
                run("claude", "--claude-config-dir", "mine"));
        machine.with("CLAUDE_CONFIG_DIR", home.toString());
        assertEquals(refusal(file.toString(), ""), run("claude"));
    }

    @Test
    void credentialsThatAreKeptApartAreLookedInto() {
        var file = machine.write("apart/.credentials.json", SIGN_IN);
        machine.with("CLAUDE_SECURESTORAGE_CONFIG_DIR", file.getParent().toString());

        assertEquals(refusal(file.toString(), ""), run("claude"));
    }

    @ParameterizedTest
    @CsvSource({
        "CLAUDE_CONFIG_DIR, home/.claude/settings.json",
        "CLAUDE_SECURESTORAGE_CONFIG_DIR, home/.claude/settings.json",
        "CLAUDE_CONFIG_DIR, home/.claude.json"
    })
    void theUsersOwnFilesCanNameAnotherHome(String variable, String settings) {
        var file = machine.write("apart/.credentials.json", SIGN_IN);
        machine.write(settings, "{\"env\":{\"%s\":\"%s\"}}".formatted(variable, file.getParent()));

        assertEquals(refusal(file.toString(), ""), run("claude"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"claudeAiOauth\":{\"accessToken\":\"sk-ant-oat01-x\"}}",
                "{\"enterpriseGateway\":null}",
                "{\"enterpriseGateway\"",
                "",
                "[]"
            })
    void anythingElseInTheFileIsNoReason(String text) {
        machine.write("home/.claude/.credentials.json", text);

        assertEquals("", run("claude", "--print-settings"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"enterpriseGateway\":{}}",
                "{\"enterpriseGateway\":{\"url\":\"https://me:hunter2@\"}}",
                "{\"enterpriseGateway\":{\"url\":\"not a url hunter2\"}}"
            })
    void aSignInWithoutAGoodUrlIsRefusedTooAndItsTextIsNotRepeated(String text) {
        machine.write("home/.claude/.credentials.json", text);

        var refused = run("claude");

        assertTrue(refused.startsWith("rpkai: Claude Code is signed in to another gateway, of its own ("), refused);
        assertFalse(refused.contains("hunter2"), refused);
    }

    @Test
    void aPolicyThatForcesOneIsRefused() {
        var file = machine.write(
                "etc/claude-code/managed-settings.json",
                "{\"forceLoginMethod\":\"gateway\",\"forceLoginGatewayUrl\":\"https://gw.example\"}");

        assertEquals(
                ("rpkai: %s sets forceLoginMethod, which sends every request to the gateway gw.example: "
                                + "ask the administrator to remove it\n")
                        .formatted(file),
                run("claude"));
        machine.write("etc/claude-code/managed-settings.json", "{\"forceLoginMethod\":\"claudeai\"}");
        assertEquals("", run("claude", "--print-settings"));
    }

    @Test
    void theKeychainOfMacOsIsLookedInto() {
        var security = machine.write("usr/bin/security", """
                #!/bin/sh
                [ "$*" = 'find-generic-password -a ada -w -s Claude Code-credentials' ] || exit 44
                printf '%%s\\n' '%s'
                """.formatted(SIGN_IN));
        assertTrue(security.toFile().setExecutable(true));
        machine.with("USER", "ada");

        assertEquals(refusal("the keychain's Claude Code-credentials", ""), run("claude"));
        assertEquals("", run("claude", "--claude-config-dir", "elsewhere", "--print-settings"));
    }

    private static String refusal(String where, String variable) {
        return ("rpkai: Claude Code is signed in to another gateway, gw.example:8443 (%s), and would send "
                        + "every request there: run %sclaude auth logout, then launch again\n")
                .formatted(where, variable);
    }

    /// Returns the text on standard error, after checking that no output contains a secret.
    private String run(String provider, String... flags) {
        var words = new ArrayList<>(List.of("run", "claude", "-L", provider));
        words.addAll(List.of(flags));
        var result = machine.run(words.toArray(String[]::new));
        assertFalse((result.out() + result.err()).contains("hunter"), result.out() + result.err());
        if (!List.of(flags).contains("--print-settings")) assertEquals(1, result.exitCode(), result.err());
        return result.err();
    }
}
