package lib.api.resource;

/// A filter or an order that cannot be read.
///
///     throw new ListSyntaxError(8, "a value is missing behind \"=\"");
public final class ListSyntaxError extends RuntimeException {
    private final int position;

    /// @param position the character at which it goes wrong, counted from 1
    /// @param what what is wrong there
    ListSyntaxError(int position, String what) {
        super("at position %d: %s".formatted(position, what), null, false, false);
        this.position = position;
    }

    /// The character at which it goes wrong, counted from 1.
    public int position() {
        return position;
    }
}
