package lib.gateway.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.PrivateFile;

/// Where the key of one state's secrets is stored.
sealed interface KeyBackend permits KeyBackend.InFile, Keychain {
    /// Returns what the state remembers about the place.
    String label();

    /// Returns where the key is, for people.
    String where();

    /// Stores the key, as text without a line break. Returns whether that worked.
    boolean keep(String key) throws IOException;

    /// Returns the key; empty if it isn't there.
    Optional<String> find() throws IOException;

    /// Deletes the key, if it is there.
    ///
    /// @throws IOException if it is still there
    void remove() throws IOException;

    /// A file beside the state that only its owner may read.
    record InFile(Path file) implements KeyBackend {
        static final String LABEL = "file";

        @Override
        public String label() {
            return LABEL;
        }

        @Override
        public String where() {
            return file.toString();
        }

        @Override
        public boolean keep(String key) throws IOException {
            PrivateFile.write(file, (key + "\n").getBytes(StandardCharsets.US_ASCII));
            return true;
        }

        @Override
        public Optional<String> find() throws IOException {
            try {
                return Optional.of(Files.readString(file).strip());
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }

        @Override
        public void remove() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
