package lib.gateway.exchange;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The part of a request body that one thread has read from the client and another has not yet sent to the
/// upstream.
///
///     if (ahead.begin()) …               // reads pieces until there is no more room
///     ahead.piece().ifPresent(piece -> ahead.add(piece, in.read(piece)));
///     ahead.read(buffer, 0, 100);        // 100
final class ReadAhead implements AutoCloseable {
    private static final int PIECE = 16 * 1024;

    /// @param count the number of bytes that were read into the piece
    private record Piece(byte[] bytes, int count) {}

    private final BodyStore.Ahead room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private int at;
    private boolean active;

    ReadAhead(BodyStore store) {
        room = store.openAhead();
    }

    /// Returns whether the caller is now the thread that reads ahead; false if there is one.
    boolean begin() {
        lock.lock();
        try {
            if (active) return false;
            active = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Returns an array for the next piece; empty if there is no room for it.
    Optional<byte[]> piece() {
        return room.take(PIECE) ? Optional.of(new byte[PIECE]) : Optional.empty();
    }

    void add(byte[] bytes, int count) {
        lock.lock();
        try {
            pieces.add(new Piece(bytes, count));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Says that the thread reads no further.
    void end() {
        lock.lock();
        try {
            active = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next bytes, and waits for them as long as a thread reads ahead.
    ///
    /// @return their number; 0 if there are no more
    int read(byte[] to, int from, int most) throws IOException {
        lock.lock();
        try {
            while (pieces.isEmpty()) {
                if (!active) return 0;
                changed.await();
            }
            var piece = pieces.getFirst();
            int count = Math.min(most, piece.count - at);
            System.arraycopy(piece.bytes, at, to, from, count);
            at += count;
            if (at == piece.count) {
                pieces.removeFirst();
                at = 0;
            }
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            lock.unlock();
        }
    }

    /// Returns whether nothing is left, and no thread reads ahead.
    boolean isUsedUp() {
        lock.lock();
        try {
            return pieces.isEmpty() && !active;
        } finally {
            lock.unlock();
        }
    }

    /// Gives the room back.
    @Override
    public void close() {
        room.close();
    }
}
