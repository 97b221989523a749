package lib.usage.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import lib.base.Json;
import lib.base.PrivateFile;

/// One file of a [UsageJournal]: batches of one writer, in their order, for its owner only (0600). The process
/// that has it open holds a lock on it, which the operating system releases when the process ends in whatever
/// way.
///
/// A line has a checksum of the rest of it, the number of the batch, the number of its calls, and the batch as
/// JSON. The first line names the writer and the store. A line that was not written to its end ends the file.
///
/// Not for several threads.
final class JournalFile implements AutoCloseable {
    static final String SUFFIX = ".journal";
    private static final int VERSION = 1;
    /// The files that this process has open. Opening and closing one again would release its lock.
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private String writer = "";
    private long end;

    /// A batch in the file.
    ///
    /// @param number its number, by which the store knows whether it has it
    /// @param calls the number of its calls
    /// @param offset where its JSON begins
    /// @param length the length of its JSON in bytes
    record Entry(long number, int calls, long offset, int length) {}

    private JournalFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Creates an empty file. It is complete and locked before other processes can see it.
    static JournalFile create(Path folder, String name, String writer, String store) throws IOException {
        PrivateFile.createFolder(folder);
        var next = folder.resolve(name + ".new");
        PrivateFile.createEmpty(next);
        var made = new JournalFile(
                folder.resolve(name + SUFFIX).toAbsolutePath(),
                FileChannel.open(next, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            if (made.channel.tryLock() == null) throw new IOException("another process has locked " + next);
            OPEN.add(made.file);
            made.writer = writer;
            var header = Json.text(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                    .objectNode()
                    .put("version", VERSION)
                    .put("writer", writer)
                    .put("store", store));
            made.write(line(0, 0, header));
            Files.move(next, made.file, StandardCopyOption.ATOMIC_MOVE);
            PrivateFile.syncFolder(folder);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            Files.deleteIfExists(next);
            throw e;
        }
    }

    /// Opens the file of a process that has ended; empty if its process still runs, or if it is for another
    /// store.
    static Optional<JournalFile> abandoned(Path path, String store) throws IOException {
        var file = path.toAbsolutePath();
        if (!OPEN.add(file)) return Optional.empty();
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException gone) {
            OPEN.remove(file);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            OPEN.remove(file);
            throw e;
        }
        var found = new JournalFile(file, channel);
        try {
            if (channel.tryLock() != null && found.read(store)) return Optional.of(found);
        } catch (OverlappingFileLockException e) {
            // Another part of this process has it.
        } catch (IOException | RuntimeException e) {
            found.close();
            throw e;
        }
        found.close();
        return Optional.empty();
    }

    /// Reads the positions of all batches; false if they are for another store.
    private boolean read(String store) throws IOException {
        var in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), 1 << 16);
        var line = new ByteArrayOutputStream();
        for (int next; (next = in.read()) >= 0; ) {
            if (next != '\n') {
                line.write(next);
                continue;
            }
            var bytes = line.toByteArray();
            line.reset();
            var head = Head.of(bytes);
            if (head == null) break;
            if (end == 0) {
                var header =
                        Json.read(new String(bytes, head.length, bytes.length - head.length, StandardCharsets.UTF_8));
                if (header.path("version").asInt() != VERSION
                        || !header.path("store").asText().equals(store)) return false;
                writer = header.path("writer").asText();
            } else entries.add(new Entry(head.number, head.calls, end + head.length, bytes.length - head.length));
            end += bytes.length + 1;
        }
        return end > 0;
    }

    /// The beginning of a line, if its checksum is right.
    private record Head(long number, int calls, int length) {
        static Head of(byte[] line) {
            var words = new String(line, 0, Math.min(line.length, 64), StandardCharsets.ISO_8859_1).split(" ", 4);
            if (words.length < 4 || words[0].length() != 8 || !words[0].equals(checksum(line, 9))) return null;
            return new Head(
                    Long.parseLong(words[1]),
                    Integer.parseInt(words[2]),
                    words[0].length() + words[1].length() + words[2].length() + 3);
        }
    }

    private static String checksum(byte[] line, int from) {
        var crc = new CRC32();
        crc.update(line, from, line.length - from);
        return "%08x".formatted(crc.getValue());
    }

    /// Returns a line of the file.
    static byte[] line(long number, int calls, String json) {
        var rest = "         %d %d %s".formatted(number, calls, json).getBytes(StandardCharsets.UTF_8);
        var head = checksum(rest, 9).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, rest, 0, head.length);
        var line = java.util.Arrays.copyOf(rest, rest.length + 1);
        line[rest.length] = '\n';
        return line;
    }

    /// Adds a [#line]. It is on the disk when this returns.
    void append(long number, int calls, byte[] line) throws IOException {
        var head = Head.of(java.util.Arrays.copyOf(line, line.length - 1));
        var begin = end;
        write(line);
        entries.add(new Entry(number, calls, begin + head.length, line.length - 1 - head.length));
    }

    private void write(byte[] line) throws IOException {
        try {
            var at = end;
            for (var buffer = ByteBuffer.wrap(line); buffer.hasRemaining(); ) at += channel.write(buffer, at);
            channel.force(false);
            end = at;
        } catch (IOException e) {
            // A line that is not complete must not stay before the next one.
            channel.truncate(end);
            throw e;
        }
    }

    /// The writer of the batches.
    String writer() {
        return writer;
    }

    /// Returns the first batch that was not removed; empty if there is none.
    Optional<Entry> first() {
        return Optional.ofNullable(entries.peekFirst());
    }

    /// Returns the number of calls in all batches that were not removed.
    long calls() {
        return entries.stream().mapToLong(Entry::calls).sum();
    }

    Batch read(Entry entry) throws IOException {
        var bytes = ByteBuffer.allocate(entry.length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, entry.offset + bytes.position()) < 0) throw new IOException(file + " is too short");
        }
        return BatchJson.batch(bytes.array());
    }

    /// Forgets the first batch. It stays in the file: a process that reads it again finds it in the store.
    void removeFirst() {
        entries.removeFirst();
    }

    /// Deletes the file.
    void delete() throws IOException {
        // Before the lock is released: another process must not read what is written already.
        try {
            Files.deleteIfExists(file);
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        OPEN.remove(file);
        channel.close();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
