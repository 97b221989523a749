package lib.gateway.transfer;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.base.UserError;

/// The lines of a compressed file, one at a time and none longer than a few megabytes.
final class ExportLines implements AutoCloseable {
    /// Longer than any row: a secret has up to 64 KB, a provider a thousand models.
    private static final int LONGEST = 8 << 20;
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int filled;
    private long number;

    private ExportLines(Path path, InputStream in) {
        this.path = path;
        this.in = in;
    }

    /// @throws UserError if there is no such file
    static ExportLines open(Path path) {
        try {
            var file = Files.newInputStream(path);
            try {
                return new ExportLines(path, new GZIPInputStream(file, BUFFER));
            } catch (IOException e) {
                file.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new UserError("there is no file %s".formatted(path), "check the path");
        } catch (ZipException | EOFException e) {
            throw new UserError("%s is not a file of rpkai gateway export".formatted(path), "check the path");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static UserError unreadable(Path path, IOException e) {
        return new UserError("cannot read %s (%s)".formatted(path, e.getMessage()), "check its owner and mode", e);
    }

    /// Returns the error for a file that is not as it was exported.
    ///
    /// @param why a clause that does not quote the file
    UserError damaged(String why) {
        return new UserError(
                "%s is damaged: %s".formatted(path, why), "copy it again, or export again with rpkai gateway export");
    }

    /// Returns the next line with its line break; an empty one at the end.
    ///
    /// @throws UserError if the file is damaged
    byte[] next() {
        var line = new ByteArrayOutputStream(256);
        number++;
        while (true) {
            if (next == filled && !fill()) {
                if (line.size() > 0) throw damaged("its end is missing");
                return new byte[0];
            }
            int end = next;
            while (end < filled && buffer[end] != '\n') end++;
            boolean isWhole = end < filled;
            int length = end - next + (isWhole ? 1 : 0);
            if (line.size() + length > LONGEST) throw damaged("line %d is too long".formatted(number));
            line.write(buffer, next, length);
            next += length;
            if (isWhole) return line.toByteArray();
        }
    }

    /// Returns the number of the last line, from 1.
    long number() {
        return number;
    }

    private boolean fill() {
        try {
            filled = Math.max(0, in.read(buffer));
            next = 0;
            return filled > 0;
        } catch (EOFException e) {
            throw damaged("its end is missing");
        } catch (ZipException e) {
            throw damaged("it cannot be decompressed");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
