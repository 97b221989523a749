package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.api.ResourceKind;
import lib.base.Json;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.management.definition.Definitions;
import lib.gateway.management.definition.WithheldVariables;
import lib.gateway.secret.SecretVariables;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.gateway.state.StoredSecrets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Eventually;
import tests.support.Machine;

class StoredSecretsTest {
    private static final Secret VALUE = new Secret("sk-ant-api03-the-value-itself");

    @TempDir
    Path temp;

    private Machine machine;
    private Path folder;

    @BeforeEach
    void machine() {
        machine = new Machine(temp);
        folder = GatewayState.folder(machine.host());
    }

    @Test
    void aSecretOutlivesTheProcessAndItsReferenceResolvesToIt() {
        set("ANTHROPIC_API_KEY", VALUE);

        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("ANTHROPIC_API_KEY"));
            assertEquals(Optional.empty(), state.secrets().find("OPENAI_API_KEY"));
            assertEquals(
                    List.of("ANTHROPIC_API_KEY"),
                    state.storedSecrets().list().stream()
                            .map(StoredSecrets.Entry::name)
                            .toList());
        }
    }

    @Test
    void aVariableThatReferencesMayNameComesBeforeAStoredSecret() {
        set("TEAM_KEY", VALUE);
        set("OPENAI_API_KEY", VALUE);
        machine.with("TEAM_KEY", "from the shell")
                .with("OPENAI_API_KEY", "from the shell too")
                .with("GEMINI_API_KEY", " ");

        try (var state = GatewayState.open(folder, machine.host(), new SecretVariables(Set.of("TEAM_KEY")))) {
            assertEquals(
                    "from the shell",
                    state.secrets().find("TEAM_KEY").orElseThrow().reveal());
            assertEquals(
                    "from the shell too",
                    state.secrets().find("OPENAI_API_KEY").orElseThrow().reveal());
            assertEquals(Optional.empty(), state.secrets().find("GEMINI_API_KEY"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEAM_KEY", "GITHUB_TOKEN", "PATH", "HOME"})
    void noOtherVariableIsAReferencesToName(String name) {
        machine.with(name, "mine");

        try (var state = open()) {
            assertEquals(Optional.empty(), state.secrets().find(name));
            state.storedSecrets().set(name, VALUE);
            assertEquals(
                    VALUE.reveal(), state.secrets().find(name).orElseThrow().reveal(), "a stored one always is");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RPAI_SERVICE_ACCOUNT_SECRET", "RPKAI_X", "PGPASSWORD", "PG", "", "lower", "A=B"})
    void someVariablesAreNeverGivenAway(String name) {
        assertEquals(
                UserError.USAGE,
                assertThrows(UserError.class, () -> new SecretVariables(Set.of(name)))
                        .exitCode());
    }

    @Test
    void aReferenceToAVariableThatMayNotBeReadCausesAWarning() throws Exception {
        machine.with("TEAM_KEY", "x")
                .with("PGPASSWORD", "x")
                .with("OPENAI_API_KEY", "x")
                .with("STORED", "x");
        set("STORED", VALUE);
        try (var state = open()) {
            for (var reference : List.of("TEAM_KEY", "PGPASSWORD", "OPENAI_API_KEY", "STORED", "MISSING")) {
                var name = reference.toLowerCase(Locale.ROOT).replace('_', '-');
                var json = (ObjectNode) Json.read("{'name': '%s', 'anthropicConfig': {'apiKeyRef': '%s'}}"
                        .formatted(name, reference)
                        .replace('\'', '"'));
                state.providers().change(table -> {
                    table.put(
                            StoredResource.now(Definitions.of(ResourceKind.LLM).created(json), Instant.EPOCH));
                    return null;
                });
            }

            assertEquals(
                    List.of(
                            "provider \"pgpassword\" refers to PGPASSWORD, a name that is reserved for rpkai's own "
                                    + "settings, and cannot be used: store the value with rpkai secret set under "
                                    + "another name, and refer to that",
                            "provider \"team-key\" refers to the variable TEAM_KEY, which it may not read: start the "
                                    + "gateway with --secret-env TEAM_KEY"),
                    WithheldVariables.in(state).stream().sorted().toList());
        }
    }

    @Test
    void noFileHasItsValue() throws Exception {
        try (var state = open()) {
            state.storedSecrets().set("KEY", VALUE);
            assertNowhere();
            state.storedSecrets().set("KEY", new Secret("another"));
            state.storedSecrets().delete("KEY");
        }
        assertNowhere();
    }

    @Test
    void everyFileIsItsOwnersAlone() throws Exception {
        try (var state = open()) {
            state.storedSecrets().set("KEY", VALUE);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
            for (var file : files())
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
        }
    }

    @Test
    void valuesThatChangedPlacesDoNotOpen() throws Exception {
        set("HARMLESS", new Secret("one"));
        set("PRECIOUS", new Secret("two"));
        tamper("UPDATE secret SET name = CASE name WHEN 'HARMLESS' THEN 'PRECIOUS_' ELSE 'HARMLESS' END");

        assertDoesNotOpen("HARMLESS");
    }

    @Test
    void aValueThatWasChangedDoesNotOpen() throws Exception {
        set("KEY", VALUE);
        tamper("UPDATE secret SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)");

        assertDoesNotOpen("KEY");
    }

    @Test
    void aMissingOrDifferentKeyIsReported() throws Exception {
        set("KEY", VALUE);
        var file = folder.resolve("key");
        var key = Files.readString(file);

        Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
        try (var state = open()) {
            var error = assertThrows(UserError.class, () -> state.secrets().find("KEY"));
            assertTrue(error.getMessage().contains("is a different key: " + file), error.getMessage());
        }
        Files.delete(file);
        try (var state = open()) {
            var error = assertThrows(UserError.class, () -> state.secrets().find("KEY"));
            assertTrue(error.getMessage().contains("is missing: " + file), error.getMessage());
            assertThrows(UserError.class, () -> state.storedSecrets().set("OTHER", VALUE));
        }
        Files.writeString(file, key);
        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("KEY"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "c2hvcnQ=", "\u00ff\u00fe\u0000\u0001"})
    void aDamagedKeyIsReportedAndNeverReplaced(String text) throws Exception {
        set("KEY", VALUE);
        var file = folder.resolve("key");
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, bytes);

        try (var state = open()) {
            for (Executable use : List.<Executable>of(
                    () -> state.secrets().find("KEY"),
                    () -> state.storedSecrets().set("OTHER", VALUE),
                    () -> {
                        throw state.storedSecrets().problem().orElseThrow();
                    })) {
                assertEquals(
                        ("the encryption key of the secrets is damaged: %s: restore it from a backup, or delete it "
                                        + "and the secrets (rpkai secret list) and set them again")
                                .formatted(file),
                        assertThrows(UserError.class, use).line());
            }
            // No secret is sealed with this key any more, but it may still be in use elsewhere.
            state.storedSecrets().delete("KEY");
            assertThrows(UserError.class, () -> state.storedSecrets().set("OTHER", VALUE));
        }
        assertArrayEquals(bytes, Files.readAllBytes(file));
    }

    @Test
    void aKeyThatOutlivedItsStateIsTheNextOnesKey() throws Exception {
        set("KEY", VALUE);
        var key = Files.readString(folder.resolve("key"));
        for (var name : List.of("state.db", "state.db-wal", "state.db-shm")) Files.deleteIfExists(folder.resolve(name));

        set("KEY", VALUE);

        assertEquals(key, Files.readString(folder.resolve("key")));
    }

    @Test
    void aLostKeyIsReplacedOnceTheSecretsAreSetAgain() throws Exception {
        set("KEY", VALUE);
        Files.delete(folder.resolve("key"));

        try (var state = open()) {
            assertTrue(state.storedSecrets().delete("KEY"));
            state.storedSecrets().set("KEY", VALUE);
        }
        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("KEY"));
        }
    }

    @Test
    void oneThatIsSetWhileAGatewayRunsIsFoundByIt() {
        try (var gateway = open()) {
            assertEquals(Optional.empty(), gateway.secrets().find("KEY"));
            set("KEY", VALUE);
            Eventually.holds(
                    () -> gateway.secrets().find("KEY").equals(Optional.of(VALUE)),
                    Duration.ofMinutes(2),
                    () -> "still " + gateway.secrets().find("KEY"));
        }
    }

    @Test
    void anEmptyValueIsRefused() {
        try (var state = open()) {
            var error =
                    assertThrows(UserError.class, () -> state.storedSecrets().set("KEY", new Secret("")));
            assertEquals("the value is empty: check its source", error.line());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "two\nlines", "schlüssel"})
    void aValueThatFitsNoHeaderIsRefusedAndNotRepeated(String value) {
        try (var state = open()) {
            var error =
                    assertThrows(UserError.class, () -> state.storedSecrets().set("KEY", new Secret(value)));
            assertEquals(
                    "the value is neither a key, which has no spaces or line breaks, nor a certificate or key in PEM"
                            + ": check how it was copied",
                    error.line());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "1KEY", "A-B", "sk-ant-secret", "A\n"})
    void anInvalidNameIsRejectedWithoutRepeatingIt(String name) {
        try (var state = open()) {
            var error =
                    assertThrows(UserError.class, () -> state.storedSecrets().set(name, VALUE));
            assertFalse(error.line().contains("sk-ant-secret"), error.line());
        }
    }

    @Test
    void theKeyIsInTheKeychainWhereThereIsOneThatWorks() throws Exception {
        var kept = temp.resolve("keychain");
        // What it is called with can be seen by everyone.
        var arguments = temp.resolve("arguments");
        keychain("echo \"$@\" >> " + arguments + "; case $1 in store) /bin/cat > " + kept + ";; lookup) /bin/cat "
                + kept + ";; esac");
        set("KEY", VALUE);

        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("KEY"));
        }
        assertFalse(Files.exists(folder.resolve("key")));
        assertFalse(Files.readString(arguments).contains(Files.readString(kept)), "the key was an argument");
        Files.delete(kept);
        assertDoesNotOpen("KEY", "is missing: the keychain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 1", "exit 0", "/bin/cat; exit 0", "echo something else"})
    void theKeyIsInAFileWhereTheKeychainDoesNotWork(String body) {
        keychain(body);
        set("KEY", VALUE);

        assertTrue(Files.exists(folder.resolve("key")));
        try (var state = open()) {
            assertEquals(Optional.of(VALUE), state.secrets().find("KEY"));
        }
    }

    private void keychain(String body) {
        machine.program("secret-tool", body);
        machine.program("security", body);
    }

    private void assertDoesNotOpen(String name) {
        assertDoesNotOpen(name, "the stored secret " + name + " cannot be decrypted");
    }

    private void assertDoesNotOpen(String name, String message) {
        try (var state = open()) {
            var error = assertThrows(UserError.class, () -> state.secrets().find(name));
            assertTrue(error.getMessage().contains(message), error.getMessage());
        }
    }

    private void assertNowhere() throws Exception {
        assertTrue(files().stream().anyMatch(file -> file.endsWith("state.db")));
        for (var file : files()) {
            assertFalse(
                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(VALUE.reveal()),
                    file.toString());
        }
    }

    private List<Path> files() throws Exception {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    private void tamper(String statement) throws Exception {
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var change = sql.createStatement()) {
            assertTrue(change.executeUpdate(statement) > 0);
        }
    }

    private void set(String name, Secret value) {
        try (var state = open()) {
            state.storedSecrets().set(name, value);
        }
    }

    private GatewayState open() {
        return GatewayState.open(folder, machine.host());
    }
}
