package lib.gateway.upstream;

import java.time.Duration;

/// The timeouts of upstream calls.
public final class UpstreamTimeouts {
    /// The timeout for each step of a connection: the TCP handshake, a proxy's answer to `CONNECT`, and TLS.
    public static final Duration CONNECT = Duration.ofSeconds(15);

    /// The timeout for the head of an answer, the same as in Anthropic's own clients. A body that has begun may
    /// take any time.
    public static final Duration ANSWER = Duration.ofMinutes(10);

    /// The timeout for the gateway's own calls: a probe of credentials, a token, an AWS role.
    public static final Duration OWN_CALL = Duration.ofSeconds(20);

    /// The longest time that a request waits for a connection while others are being made.
    static final Duration TURN = Duration.ofSeconds(30);

    /// The time for which an idle connection is kept. Most servers close theirs after 60 seconds.
    static final Duration IDLE = Duration.ofSeconds(55);

    /// The time within which a connection that the upstream had closed reveals it after a request was sent. A
    /// connection that fails later may have failed because of the request, which may have cost something.
    static final Duration STALE = Duration.ofSeconds(2);

    private UpstreamTimeouts() {}

    /// Returns [#CONNECT] in milliseconds, as sockets expect it.
    static int connectMillis() {
        return (int) CONNECT.toMillis();
    }
}
