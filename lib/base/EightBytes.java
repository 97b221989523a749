package lib.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds bytes in an array by looking at eight of them at a time, as the bytes of one number.
///
///     static final long QUOTES = EightBytes.each('"');
///     long marks = EightBytes.equal(EightBytes.at(bytes, i), QUOTES) & EightBytes.MARKS;
///     if (marks != 0) return i + EightBytes.first(marks);
///
/// In marks the highest bit of a byte is set where that byte is meant. The lowest mark is right; a higher one may
/// be a carry from a lower byte.
public final class EightBytes {
    /// The bits that are marks. The other bits of what [#equal] and [#below] return mean nothing.
    public static final long MARKS = 0x8080808080808080L;

    private static final long ONES = 0x0101010101010101L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private EightBytes() {}

    /// Returns eight times the same ASCII character.
    public static long each(char c) {
        return c * ONES;
    }

    /// Returns the eight bytes from an index on, the first as the lowest.
    public static long at(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }

    /// Marks the bytes that are the wanted one: there the exclusive or is zero.
    public static long equal(long eight, long wanted) {
        return below(eight ^ wanted, ONES);
    }

    /// Marks the bytes that are less than the limit: subtracting it sets their highest bit.
    public static long below(long eight, long limit) {
        return (eight - limit) & ~eight;
    }

    /// Returns the place of the first mark among the eight bytes.
    public static int first(long marks) {
        return Long.numberOfTrailingZeros(marks) / Byte.SIZE;
    }
}
