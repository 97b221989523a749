package tests.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lib.base.UserError;
import lib.http.CentralFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Machine;
import tests.support.upstream.RecordingUpstream;
import tests.support.upstream.Reply;

class CentralFileTest {
    private static final String PATH = "org/example/a/1.0/a-1.0.jar";
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final CentralFile FILE =
            new CentralFile(PATH, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

    @TempDir
    Path temp;

    private final RecordingUpstream mirror = RecordingUpstream.start();
    private Machine machine;

    @BeforeEach
    void aMachineWithAMirror() {
        mirror.handle(_ -> Reply.of(200, "application/java-archive", "hello"));
        machine = new Machine(temp).with("JBANG_BOOTSTRAP_REPO", mirror.url() + "/maven/");
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    private byte[] read() {
        return FILE.read("the library", machine.host());
    }

    @Test
    void itIsFetchedFromTheMirror() {
        assertArrayEquals(HELLO, read());

        assertEquals("/maven/" + PATH, mirror.requests().getFirst().path());
    }

    @Test
    void aMirrorGetsTheNameAndPasswordOfItsUrl() {
        machine.with("JBANG_BOOTSTRAP_REPO", mirror.url().replace("://", "://ada:secret@"));

        assertArrayEquals(HELLO, read());
        assertEquals(
                List.of("Basic YWRhOnNlY3JldA=="), mirror.requests().getFirst().headers("Authorization"));
    }

    @Test
    void nothingIsFetchedIfTheLocalRepositoryHasIt() {
        machine.write("home/.m2/repository/" + PATH, "hello");

        assertArrayEquals(HELLO, read());
        assertEquals(List.of(), mirror.requests());
    }

    @Test
    void aWrongFileInTheLocalRepositoryIsNotUsed() {
        machine.write("home/.m2/repository/" + PATH, "hell");

        assertArrayEquals(HELLO, read());
        assertEquals(1, mirror.requests().size());
    }

    @Test
    void aFileWithAnotherChecksumIsRefused() {
        mirror.handle(_ -> Reply.of(200, "text/html", "<html>Sign in to the proxy</html>"));

        fails("cannot fetch the library: the file from %s has another checksum".formatted(mirror.url()));
    }

    @Test
    void aMirrorWithoutTheFileIsNamed() {
        mirror.handle(_ -> Reply.of(404, "text/plain", "not here"));

        fails("cannot fetch the library: %s answers HTTP 404".formatted(mirror.url()));
    }

    @Test
    void withoutANetworkTheErrorSaysWhatToDoAndNotThePassword() {
        var closed = RecordingUpstream.start();
        closed.close();
        machine.with("JBANG_BOOTSTRAP_REPO", closed.url().replace("://", "://ada:secret@"));

        fails("cannot fetch the library: cannot reach Maven Central at %s: connection refused".formatted(closed.url()));
    }

    @Test
    void aMirrorThatIsNoUrlIsNotQuoted() {
        machine.with("JBANG_BOOTSTRAP_REPO", "ada:secret at the office");

        fails("cannot fetch the library: JBANG_BOOTSTRAP_REPO is not the URL of a repository");
    }

    private void fails(String message) {
        var error = assertThrows(UserError.class, this::read);

        assertEquals(
                "%s: run this once with a network, or set JBANG_BOOTSTRAP_REPO to a mirror of Maven Central"
                        .formatted(message),
                error.line());
        assertFalse(error.line().contains("secret"));
        assertTrue(error.exitCode() == UserError.FAILED);
    }
}
