package tests.support.gateway;

/// The usage that a scripted answer reports, in tokens.
///
///     upstream.next(Replies.text("hello", new FakeUsage(1200, 40, 900, 100, 0)));
///
/// @param cacheRead input read from the cache
/// @param cacheWrite5m input written to the cache for five minutes
/// @param cacheWrite1h input written to the cache for an hour
public record FakeUsage(int input, int output, int cacheRead, int cacheWrite5m, int cacheWrite1h) {

    /// Input and output only.
    public static FakeUsage of(int input, int output) {
        return new FakeUsage(input, output, 0, 0, 0);
    }
}
