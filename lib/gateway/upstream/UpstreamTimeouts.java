package lib.gateway.upstream;

import java.time.Duration;

/// How long the gateway waits for upstreams.
public final class UpstreamTimeouts {
    /// For a connection: the TCP handshake, then again for a proxy's answer to `CONNECT`, then for TLS.
    public static final Duration CONNECT = Duration.ofSeconds(15);

    /// For the head of an answer, as long as Anthropic's own clients wait. A body that has begun may take any time.
    public static final Duration ANSWER = Duration.ofMinutes(10);

    /// For a call of the gateway's own: a probe of credentials, a token, an AWS role.
    public static final Duration OWN_CALL = Duration.ofSeconds(20);

    /// How long a request waits for a connection while others are being made.
    static final Duration TURN = Duration.ofSeconds(30);

    /// How long a connection is kept for the next request. Servers mostly end theirs after 60 seconds.
    static final Duration IDLE = Duration.ofSeconds(55);

    private UpstreamTimeouts() {}

    /// [#CONNECT] as sockets take it.
    static int connectMillis() {
        return (int) CONNECT.toMillis();
    }
}
