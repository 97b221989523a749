package lib.gateway.upstream;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an upstream answers: its head, and its body as it comes.
///
///     try (var answer = upstream.send(request, patience)) { answer.passTo(out); }
public interface UpstreamAnswer extends AutoCloseable {
    int status();

    /// By name; what a name is called twice for is one list.
    Map<String, List<String>> headers();

    /// The body, where all of it came with the head; empty where some is still to come, or nobody knows.
    Optional<byte[]> whole();

    /// Writes the body as it comes: what has arrived is flushed before more is awaited, and nothing is read that
    /// has not been written.
    ///
    /// @throws IOException where it breaks off on either side
    void passTo(OutputStream out) throws IOException;

    /// Ends the call, whether all of the body was read or not.
    @Override
    void close();
}
