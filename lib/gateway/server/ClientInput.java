package lib.gateway.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.Bytes;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.LazyString;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The input of a client's connection, in one buffer that is used again and again.
///
/// Helidon's own reader keeps input in a linked list and reads 8 KB at a time. As soon as one part of that list
/// has become old, the garbage collector takes all later parts for reachable and copies them, so that large
/// requests cost more in garbage collection than in anything else.
///
///     new ClientInput((into, from) -> socket.getInputStream().read(into, from, into.length - from), () -> false)
///
/// Helidon 4 has no other way to replace its reader. It marks this one for removal in its next major version.
@SuppressWarnings("removal")
final class ClientInput extends DataReader {
    /// The size of the buffer of a connection that is idle or receives small requests.
    private static final int SMALL = 4 * 1024;
    private static final int LARGE = 64 * 1024;
    /// The longest line with the size of a chunk.
    private static final int LONGEST_LINE = 4 * 1024;

    /// Waits for input.
    interface Source {
        /// Reads some bytes to the end part of an array.
        ///
        /// @param from the index of the first byte to be written
        /// @return the number of bytes, or -1 at the end of the input
        int read(byte[] into, int from);
    }

    private final Source source;
    private final BooleanSupplier isBetweenRequests;
    private byte[] bytes = new byte[SMALL];
    private int position;
    private int end;
    /// The size of the rest of a chunk of a body; 0 unless a part of the chunk was returned as a whole one.
    private int rest;

    /// @param isBetweenRequests whether the next input will be the beginning of a request, so that a small buffer
    ///     is enough for the wait
    ClientInput(Source source, BooleanSupplier isBetweenRequests) {
        super(() -> null);
        this.source = source;
        this.isBetweenRequests = isBetweenRequests;
    }

    @Override
    public int available() {
        return end - position;
    }

    @Override
    public void pullData() {
        makeRoom();
        int count = source.read(bytes, end);
        if (count < 0) throw new InsufficientDataAvailableException();
        end += count;
    }

    /// Makes room behind the bytes that have arrived. A buffer that was filled at once is too small.
    private void makeRoom() {
        if (position == end) {
            int size = bytes.length;
            if (isBetweenRequests.getAsBoolean()) size = SMALL;
            else if (end == bytes.length) size = Math.min(LARGE, 4 * bytes.length);
            if (size != bytes.length) bytes = new byte[size];
            position = end = 0;
        } else if (end == bytes.length) {
            var larger = position > bytes.length / 2 ? bytes : new byte[2 * bytes.length];
            System.arraycopy(bytes, position, larger, 0, end - position);
            bytes = larger;
            end -= position;
            position = 0;
        }
    }

    @Override
    public void ensureAvailable() {
        while (position == end) pullData();
    }

    private void ensureAvailable(int count) {
        while (end - position < count) pullData();
    }

    @Override
    public void skip(int count) {
        // After each chunk Helidon skips the end of the line, which comes after the rest of this one.
        if (rest > 0) return;
        for (int left = count; left > 0; ) {
            ensureAvailable();
            int part = Math.min(left, available());
            position += part;
            left -= part;
        }
    }

    @Override
    public byte read() {
        ensureAvailable();
        return bytes[position++];
    }

    @Override
    public byte lookup() {
        ensureAvailable();
        return bytes[position];
    }

    @Override
    public boolean startsWithNewLine() {
        ensureAvailable();
        if (bytes[position] != Bytes.CR_BYTE) return false;
        ensureAvailable(2);
        return bytes[position + 1] == Bytes.LF_BYTE;
    }

    /// Compares as it arrives, so that a client that sends less than the prefix is not waited for in vain.
    @Override
    public boolean startsWith(byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            ensureAvailable(i + 1);
            if (bytes[position + i] != prefix[i]) return false;
        }
        return true;
    }

    @Override
    public BufferData readBuffer() {
        ensureAvailable();
        return readBuffer(available());
    }

    /// Reads that many bytes. The result grows as they arrive, because the client chose their number.
    ///
    /// Helidon reads a chunk of a body as a whole before it passes it on, and its size may be 2 GB. Therefore a
    /// large chunk becomes several: this returns a part of it, and the next [#readLine] the size of the rest.
    @Override
    public BufferData readBuffer(int length) {
        ensureAvailable();
        if (length <= available()) return taken(length);
        if (length > LARGE) {
            rest = length - available();
            return taken(available());
        }
        List<BufferData> parts = new ArrayList<>();
        for (int left = length; left > 0; ) {
            ensureAvailable();
            var part = taken(Math.min(left, available()));
            left -= part.available();
            parts.add(part);
        }
        return BufferData.create(parts);
    }

    private BufferData taken(int count) {
        return BufferData.createReadOnly(readBytes(count), 0, count);
    }

    @Override
    public BufferData getBuffer(int length) {
        ensureAvailable(Math.max(1, length));
        return BufferData.createReadOnly(Arrays.copyOfRange(bytes, position, position + length), 0, length);
    }

    @Override
    public LazyString readLazyString(Charset charset, int length) {
        return new LazyString(readBytes(length), charset);
    }

    @Override
    public String readAsciiString(int length) {
        ensureAvailable(Math.max(1, length));
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.US_ASCII);
    }

    /// Reads the line with the size of the next chunk of a body.
    ///
    /// @throws DataReader.IncorrectNewLineException if the line does not end
    @Override
    public String readLine() {
        if (rest > 0) {
            var size = Integer.toHexString(rest);
            rest = 0;
            return size;
        }
        int length = findNewLine(LONGEST_LINE);
        if (length == LONGEST_LINE) throw new IncorrectNewLineException("The size of a chunk does not end.");
        var line = readAsciiString(length);
        skip(2);
        return line;
    }

    @Override
    public byte[] readBytes(int length) {
        ensureAvailable(Math.max(1, length));
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    @Override
    public int findOrNewLine(byte wanted, int max) {
        for (int i = 0; i < max; i++) {
            ensureAvailable(i + 1);
            var next = bytes[position + i];
            if (endsLine(next, i)) return -i - 1;
            if (next == wanted) return i;
        }
        return max;
    }

    @Override
    public int findNewLine(int max) {
        for (int i = 0; i < max; i++) {
            ensureAvailable(i + 1);
            if (endsLine(bytes[position + i], i)) return i;
        }
        return max;
    }

    /// Returns whether a byte begins the end of a line.
    ///
    /// @throws DataReader.IncorrectNewLineException if only half of a line's end is there
    private boolean endsLine(byte next, int index) {
        if (next > Bytes.CR_BYTE || next != Bytes.CR_BYTE && next != Bytes.LF_BYTE) return false;
        if (next == Bytes.LF_BYTE)
            throw new IncorrectNewLineException("Found LF (" + index + ") without preceding CR.");
        ensureAvailable(index + 2);
        if (bytes[position + index + 1] == Bytes.LF_BYTE) return true;
        throw new IncorrectNewLineException("Found CR (" + index + ") without following LF.");
    }
}
