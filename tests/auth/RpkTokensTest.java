package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// `auth_mode: rpk`, by way of `rpkai auth token`.
class RpkTokensTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private Machine machine;

    @BeforeEach
    void aProfileThatUsesRpk() {
        machine = new Machine(temp).profile("prod", "ai_gateway_url: http://localhost:1\nauth_mode: rpk\n");
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void theTokenOfRpksCurrentOrganisationIsPrinted() {
        var first = idp.signIn().accessToken();
        var second = idp.signIn().accessToken();
        rpk("""
                version: 7
                current_profile: x
                current_cloud_auth_org_id: org-2
                current_cloud_auth_kind: sso
                cloud_auth:
                  - {name: a, org_id: org-1, kind: sso, auth_token: %s, client_id: c}
                  - {name: b, org_id: org-2, kind: sso, auth_token: %s, refresh_token: r}
                """.formatted(first, second));

        assertEquals(new Machine.Result(0, second + "\n", ""), machine.run("auth", "token"));
    }

    @Test
    void ofTwoSignInsToOneOrganisationTheCurrentKindCounts() {
        rpk("""
                current_cloud_auth_org_id: org-1
                current_cloud_auth_kind: client-credentials
                cloud_auth:
                  - {org_id: org-1, kind: sso, auth_token: by-sso}
                  - {org_id: org-1, kind: client-credentials, auth_token: by-client}
                """);

        assertEquals("by-client\n", machine.run("auth", "token").out());
    }

    @Test
    void withoutACurrentOrganisationTheFirstTokenIsPrinted() {
        rpk("cloud_auth:\n  - {org_id: org-1}\n  - {org_id: org-2, auth_token: second}\n");

        assertEquals("second\n", machine.run("auth", "token").out());
    }

    @Test
    void anotherOrganisationsTokenIsNoSubstitute() {
        rpk("current_cloud_auth_org_id: org-1\ncloud_auth:\n  - {org_id: org-1}\n  - {org_id: org-2, "
                + "auth_token: others}\n");

        assertRefused(machine.run("auth", "token"), "rpk is not signed in");
    }

    @Test
    void anExpiredTokenIsNotPrinted() {
        rpk("cloud_auth:\n  - {auth_token: %s}\n"
                .formatted(idp.lifetime(Duration.ofSeconds(-1)).signIn().accessToken()));

        assertRefused(machine.run("auth", "token"), "rpk's has expired");
    }

    @Test
    void aMissingFileAsksTheUserToSignInToRpk() {
        assertRefused(machine.run("auth", "token"), "does not exist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "cloud_auth: hello", "cloud_auth: []", "cloud_auth: [1, x]", "just text", "---\n"})
    void aFileWithoutATokenAsksTheUserToSignInToRpk(String content) {
        rpk(content);

        assertRefused(machine.run("auth", "token"), "rpk is not signed in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud_auth: [{auth_token: hunter2", "a: b: hunter2", "\u0000hunter2", "\thunter2: x\n y"})
    void aBrokenFileIsNamedAndNotQuoted(String content) {
        rpk(content);

        var result = machine.run("-v", "auth", "token");

        assertEquals("", result.out());
        assertEquals(1, result.exitCode());
        assertFalse(result.err().contains("hunter2"), result.err());
        assertTrue(result.err().contains("cannot be read as YAML"), result.err());
    }

    @Test
    void theFileIsWhereRpksVariablesSay() {
        machine.write("work/mine.yaml", "cloud_auth: [{auth_token: from-rpk-config}]");
        machine.write("xdg/rpk/rpk.yaml", "cloud_auth: [{auth_token: from-xdg}]");
        machine.with("XDG_CONFIG_HOME", temp.resolve("xdg").toString());
        assertEquals("from-xdg\n", machine.run("auth", "token").out());

        machine.with("RPK_CONFIG", "mine.yaml");
        assertEquals("from-rpk-config\n", machine.run("auth", "token").out());
    }

    @Test
    void onAMacTheFileIsInTheLibrary() {
        rpk("cloud_auth: [{auth_token: elsewhere}]");
        machine.write("home/Library/Application Support/rpk/rpk.yaml", "cloud_auth: [{auth_token: from-library}]");

        assertEquals("from-library\n", machine.run("auth", "token").out());
    }

    @Test
    void rpksFileIsNeverWritten() throws IOException {
        var file = rpk("cloud_auth: [{auth_token: t}]  # as it is\n");

        machine.run("auth", "token");
        machine.run("auth", "logout");

        assertEquals("cloud_auth: [{auth_token: t}]  # as it is\n", Files.readString(file));
    }

    private Path rpk(String content) {
        return machine.write("home/.config/rpk/rpk.yaml", content);
    }

    private static void assertRefused(Machine.Result result, String why) {
        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(
                result.err().startsWith("rpkai: no usable gateway token (")
                        && result.err().contains(why)
                        && result.err().endsWith(": run rpk cloud login\n"),
                result.err());
    }
}
