package lib.usage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import lib.database.Database;

/// A folder on this machine that holds the usage of calls while a shared store does not answer. Each process
/// writes files of its own there. What a process leaves behind is written to the store by the next one.
///
///     UsageService.open(database, prices, clock, host::warn, Optional.of(UsageJournal.in(folder)))
///
/// All files of the folder together are limited in size. They hold names, times and counts of calls; no secrets
/// and nothing of what was said. Not for several threads.
public final class UsageJournal {
    /// The limit for the size of a folder.
    public static final long LIMIT = 64L << 20;

    private final Path folder;
    private final long limit;
    private final String writer = UUID.randomUUID().toString();
    private String store = "";
    private int files;
    private JournalFile file;

    private UsageJournal(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /// Returns the journal in that folder, which is created with the first batch.
    public static UsageJournal in(Path folder) {
        return in(folder, LIMIT);
    }

    /// @param limit the limit for the size of all files, in bytes
    public static UsageJournal in(Path folder, long limit) {
        return new UsageJournal(folder, limit);
    }

    /// Sets the store that the batches are for.
    void startFor(Database database) {
        store = database.place();
    }

    /// The id under which this process writes its batches, to the journal and to the store.
    String writer() {
        return writer;
    }

    /// Adds a batch; false if it does not fit. It is on the disk when this returns.
    boolean append(long number, int calls, Batch batch) throws IOException {
        var line = JournalFile.line(number, calls, BatchJson.text(batch));
        if (size() + line.length > limit) return false;
        if (file == null) file = JournalFile.create(folder, writer + "-" + ++files, writer, store);
        file.append(number, calls, line);
        return true;
    }

    /// Returns the size of all files, those of other processes too. Any thread may ask.
    long size() throws IOException {
        long size = 0;
        for (var each : list()) {
            try {
                size += Files.size(each);
            } catch (IOException gone) {
                // Its process has just deleted it.
            }
        }
        return size;
    }

    private List<Path> list() throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (var all = Files.list(folder)) {
            return all.filter(each -> each.toString().endsWith(JournalFile.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /// Returns the first batch of this process that is not in the store yet; empty if there is none.
    Optional<JournalFile.Entry> first() {
        return Optional.ofNullable(file).flatMap(JournalFile::first);
    }

    Batch read(JournalFile.Entry entry) throws IOException {
        return file.read(entry);
    }

    /// Forgets the first batch of this process, which is in the store now.
    void removeFirst() throws IOException {
        file.removeFirst();
        if (file.first().isPresent()) return;
        var done = file;
        file = null;
        done.delete();
    }

    /// Leaves the file of this process where it is, with all that is not in the store.
    void setAside() {
        var left = file;
        file = null;
        try {
            left.close();
        } catch (IOException e) {
            // The operating system closes it with the process.
        }
    }

    /// Returns the number of calls of this process that are not in the store yet.
    long calls() {
        return file == null ? 0 : file.calls();
    }

    /// Opens the files for the same store whose processes have ended.
    List<JournalFile> abandoned() throws IOException {
        var found = new ArrayList<JournalFile>();
        for (var each : list()) {
            try {
                JournalFile.abandoned(each, store).ifPresent(found::add);
            } catch (IOException e) {
                // Another user's file, for example. It must not keep the others from being written.
            }
        }
        return found;
    }

    /// Leaves what is not in the store for the next process.
    void close() throws IOException {
        if (file != null) file.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
