package tests.gateway.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import lib.gateway.state.GatewayState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

/// The key of a state in a folder: in a file, or in the keychain.
class LocalKeyRotationTest extends KeyRotationContract {
    private Path folder;

    @BeforeEach
    void folder() {
        folder = temp.resolve("state");
    }

    @Override
    GatewayState open() {
        return GatewayState.open(folder, machine.host());
    }

    @Override
    List<String> flags() {
        return List.of("--state", folder.toString());
    }

    @Override
    int gateways() {
        return 2;
    }

    @Override
    void tamper(String name) throws Exception {
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var change = sql.prepareStatement("UPDATE secret SET sealed = X'00' WHERE name = ?")) {
            change.setString(1, name);
            assertEquals(1, change.executeUpdate());
        }
    }

    @Override
    List<String> keys() throws Exception {
        return List.of(Files.readString(folder.resolve("key")).strip());
    }

    @Override
    boolean isUnderWay() {
        return Files.exists(folder.resolve("key.next"));
    }

    @Override
    void assertSettled() throws Exception {
        assertFalse(Files.exists(folder.resolve("key.next")));
    }

    @Test
    void theKeyInTheFileIsReplacedAndTheOneBeforeIsGone() throws Exception {
        try (var state = open()) {
            set(state, 2);
        }
        var before = Files.readString(folder.resolve("key")).strip();

        assertEquals(
                new Machine.Result(
                        0,
                        "",
                        "2 secrets are encrypted with a new key, which is in %s.\n".formatted(folder.resolve("key"))),
                rotate());
        assertNotEquals(before, Files.readString(folder.resolve("key")).strip());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))));
        try (var files = Files.list(folder)) {
            for (var file : files.toList())
                assertFalse(
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(before),
                        file.toString());
        }
        assertOpen(2);
        assertEquals(
                ("{ \"secrets\" : 2, \"signingKeys\" : false, \"key\" : \"%s\", \"formerSealingKeyValid\" : false, "
                                + "\"signingKeyReplaced\" : false }")
                        .formatted(folder.resolve("key")),
                rotate("-o", "json").out().replaceAll("\\s+", " ").strip());
    }

    /// rpkai 0.1.0 finds the key in the file `key`, and a secret as AES-GCM with its name as associated data.
    @Test
    void theFirstReleaseReadsTheSecretsAfterwards() throws Exception {
        try (var state = open()) {
            set(state, 1);
        }
        rotate();
        var key = Base64.getDecoder().decode(keys().getFirst());
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var row = sql.createStatement().executeQuery("SELECT sealed FROM secret WHERE name = 'KEY_0'")) {
            var sealed = row.getBytes(1);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(128, Arrays.copyOf(sealed, 12)));
            cipher.updateAAD("rpkai secret KEY_0".getBytes(StandardCharsets.UTF_8));
            assertArrayEquals(
                    "sk-upstream-key-0".getBytes(StandardCharsets.UTF_8),
                    cipher.doFinal(sealed, 12, sealed.length - 12));
        }
        try (var sql = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
                var row = sql.createStatement().executeQuery("SELECT value FROM fact WHERE name = 'key place'")) {
            assertEquals("file", row.getString(1));
        }
    }

    @Test
    void aRotationThatEndedBeforeItsTransactionIsForgotten() throws Exception {
        try (var state = open()) {
            set(state, 2);
        }
        Files.writeString(folder.resolve("key.next"), Base64.getEncoder().encodeToString(new byte[32]));

        assertOpen(2);
        assertEquals(0, rotate().exitCode());
        assertOpen(2);
        assertSettled();
    }

    @Test
    void aRotationThatEndedAfterItsTransactionIsCompletedByTheNext() throws Exception {
        try (var state = open()) {
            set(state, 2);
        }
        var before = Files.readString(folder.resolve("key"));
        rotate();
        Files.move(folder.resolve("key"), folder.resolve("key.next"));
        Files.writeString(folder.resolve("key"), before);

        assertOpen(2);
        try (var state = open()) {
            set(state, 3);
        }
        tamper("KEY_2");
        assertEquals(1, rotate().exitCode());
        assertSettled();
        assertNotEquals(before, Files.readString(folder.resolve("key")));
        assertOpen(2);
    }

    @Test
    void aMissingOrWrongKeyIsNamedAndNothingIsReplaced() throws Exception {
        try (var state = open()) {
            set(state, 1);
        }
        var file = folder.resolve("key");
        var right = Files.readString(file);
        Files.delete(file);
        assertEquals(
                "rpkai: the encryption key of the secrets is missing: %s: restore it, or delete the secrets (rpkai "
                                .formatted(file)
                        + "secret list) and set them again\n",
                rotate().err());
        Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
        assertTrue(rotate().err().contains("is a different key: " + file), rotate().err());
        Files.writeString(file, right);
        assertOpen(1);
        assertSettled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--finish", "--new-sealing-key-file=x", "--new-sealing-key-command=x"})
    void aFolderHasNoSealingKeyToChange(String flag) {
        var result = rotate(flag);

        assertEquals(2, result.exitCode(), result.err());
        assertTrue(result.err().contains("require a state in PostgreSQL"), result.err());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theKeyInTheKeychainIsReplacedThereAndTheOneBeforeIsRemoved() throws Exception {
        keychain("");
        try (var state = open()) {
            set(state, 2);
        }
        var first = keychain();
        for (int i = 0; i < 3; i++) {
            var rotated = rotate();
            assertEquals(0, rotated.exitCode(), rotated.err());
            assertTrue(rotated.err().contains("a new key, which is in the keychain (rpkai-gateway, "), rotated.err());
            assertEquals(1, keychain().size());
            assertOpen(2);
        }
        assertNotEquals(first, keychain());
        assertFalse(Files.exists(folder.resolve("key")));
    }

    /// Kills the process that calls the keychain, before and after each change.
    @ParameterizedTest
    @ValueSource(strings = {"before store", "after store", "before clear", "after clear"})
    @DisabledOnOs(OS.WINDOWS)
    void aProcessThatIsKilledWhileItChangesTheKeychainLeavesEverySecretReadable(String moment) throws Exception {
        keychain("");
        try (var state = open()) {
            set(state, 2);
        }
        keychain(moment);
        var process = machine.start("secret", "rotate-key", "--state", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(137, process.waitFor());

        keychain("");
        assertOpen(2);
        assertEquals(0, rotate().exitCode());
        assertEquals(1, keychain().size());
        assertOpen(2);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aKeychainThatStoresNothingStopsTheRotation() throws Exception {
        keychain("");
        try (var state = open()) {
            set(state, 1);
        }
        var before = keychain();
        machine.program("secret-tool", "[ $1 = store ] && exit 1\n" + script(""));
        var rotated = rotate();

        assertEquals(1, rotated.exitCode());
        assertEquals(
                "rpkai: the keychain does not store a new key: unlock it, and run rpkai secret rotate-key again; all "
                        + "secrets are as before\n",
                rotated.err());
        assertEquals(before, keychain());
        assertOpen(1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aKeyThatTheKeychainDoesNotRemoveIsReported() throws Exception {
        keychain("");
        try (var state = open()) {
            set(state, 1);
        }
        machine.program(
                "secret-tool",
                "[ $1 = clear ] && [ -f %s/$5.2 -o -f %1$s/${5%%.2} ] && exit 1\n".formatted(temp.resolve("keychain"))
                        + script(""));
        var rotated = rotate();

        assertEquals(1, rotated.exitCode());
        assertTrue(
                rotated.err()
                        .contains("but the one before could not be removed (the keychain does not delete it): "
                                + "unlock the keychain, and run rpkai secret rotate-key again"),
                rotated.err());
        assertOpen(1);
        keychain("");
        assertEquals(0, rotate().exitCode());
        assertEquals(1, keychain().size());
        assertOpen(1);
    }

    /// Puts a keychain on the machine: a folder with a file for each account.
    private void keychain(String killed) throws Exception {
        Files.createDirectories(temp.resolve("keychain"));
        machine.program("secret-tool", script(killed));
    }

    private String script(String killed) {
        return """
                kill_at() { if [ "$1" = "%s" ]; then kill -9 $PPID; fi; }
                for account; do :; done
                file=%s/$account
                kill_at "before $1"
                case $1 in
                  store) /bin/cat > "$file" ;;
                  lookup) if [ -f "$file" ]; then /bin/cat "$file"; else exit 1; fi ;;
                  clear) /bin/rm -f "$file" ;;
                esac
                kill_at "after $1"
                """.formatted(killed, temp.resolve("keychain"));
    }

    private List<String> keychain() throws Exception {
        try (var files = Files.list(temp.resolve("keychain"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
