package lib.api.resource;

/// Signals that a filter or an order is invalid.
///
///     throw new ListSyntaxError(8, "a value is missing behind \"=\"");
public final class ListSyntaxError extends RuntimeException {
    private final int position;

    /// @param position the position of the error, counted from 1
    /// @param what the description of the error
    ListSyntaxError(int position, String what) {
        super("at position %d: %s".formatted(position, what), null, false, false);
        this.position = position;
    }

    /// Returns the position of the error, counted from 1.
    public int position() {
        return position;
    }
}
