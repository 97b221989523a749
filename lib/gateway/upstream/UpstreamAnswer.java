package lib.gateway.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer of an upstream: its head, and its body as it arrives.
///
///     try (var answer = upstream.send(request, patience)) { answer.passTo(out); }
public interface UpstreamAnswer extends AutoCloseable {
    int status();

    /// Returns the headers by name, with all values of a name in one list.
    Map<String, List<String>> headers();

    /// Returns the body if all of it arrived with the head; empty if more may follow.
    Optional<byte[]> whole();

    /// Writes the body as it arrives. Arrived bytes are flushed before more is awaited, and no byte is read
    /// before the previous ones were written.
    ///
    /// @throws IOException if either side breaks off
    void passTo(OutputStream out) throws IOException;

    /// Ends the call, whether the whole body was read or not.
    @Override
    void close();
}
