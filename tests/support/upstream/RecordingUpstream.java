package tests.support.upstream;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import tests.support.Loopback;

/// An Anthropic-compatible upstream on loopback that records every request and answers as it is told to.
///
///     try (var upstream = RecordingUpstream.start()) {
///         upstream.next(Replies.text("hello"));
///         client(gatewayInFrontOf(upstream.url())).send(request);
///         assertEquals(request.body(), upstream.await(1, Duration.ofSeconds(10)).getFirst().text());
///     }
///
/// `POST /v1/messages` takes its answers from the queue, and a greeting where that is empty; `count_tokens`,
/// `models` and HEAD answer as the API does; other paths are 404. Credentials are recorded, not checked.
public final class RecordingUpstream implements AutoCloseable {

    private final Answers answers = new Answers();
    private final Loopback server;

    private RecordingUpstream(String address) {
        server = new Loopback(address, answers::answer);
    }

    /// An upstream on a free port.
    public static RecordingUpstream start() {
        return at("127.0.0.1");
    }

    /// An upstream on a free port of another address of this machine, for gateways in other network namespaces.
    public static RecordingUpstream at(String address) {
        return new RecordingUpstream(address);
    }

    /// The base URL, without `/v1` and without a slash at the end.
    public String url() {
        return server.url();
    }

    /// Queues answers for the next messages, whatever their requests say.
    public void next(Reply... replies) {
        for (var reply : replies) {
            answers.next(_ -> reply);
        }
    }

    /// Queues answers for the next messages.
    @SafeVarargs
    public final void next(Function<Recorded, Reply>... replies) {
        for (var reply : replies) {
            answers.next(reply);
        }
    }

    /// Answers every request, of every path, with this function from now on.
    public void handle(Function<Recorded, Reply> handler) {
        answers.handle(handler);
    }

    /// Returns the answer without a handler; for handlers that change only some answers.
    public Reply standard(Recorded call) {
        return answers.standard(call);
    }

    /// Every request so far, in the order in which their bodies were complete.
    public List<Recorded> requests() {
        return server.requests();
    }

    /// Waits until `n` requests in all have come, and gives them.
    public List<Recorded> await(int n, Duration limit) {
        return await(n, _ -> true, limit);
    }

    /// Waits until `n` requests of that kind have come, and gives them.
    public List<Recorded> await(int n, Predicate<Recorded> wanted, Duration limit) {
        return server.await(n, wanted, limit);
    }

    /// Waits until `n` clients in all have left before their answer was complete. It takes a write to notice:
    /// answer with [Reply#endlessAfter].
    public void awaitDepartures(int n, Duration limit) {
        server.awaitDepartures(n, limit);
    }

    @Override
    public void close() {
        server.close();
    }
}
