package lib.gateway.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import lib.base.PrivateFile;

/// Where the key is kept that the secrets of one state are sealed with.
sealed interface KeyBackend permits KeyBackend.InFile, Keychain {
    /// What the state remembers of it.
    String label();

    /// Where to look for it, for people.
    String where();

    /// Keeps the key, as text without a line break; false where it can't.
    boolean keep(String key) throws IOException;

    /// The key; empty where it isn't there.
    Optional<String> find() throws IOException;

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
    }
}
