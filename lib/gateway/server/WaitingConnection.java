package lib.gateway.server;

import java.net.InetAddress;

/// A connection that holds one of the gateway's places, as far as it may have to give it up to another client.
interface WaitingConnection {
    /// Where it comes from.
    InetAddress address();

    /// Who that is, see [TrustedProxies#sender].
    String sender();

    /// How little the client would lose: 0 where it has said nothing yet, 1 where its request has not come whole,
    /// 2 where it rests between two requests. Negative where it is being answered.
    int idleness();

    /// When it began to be so, by [System#nanoTime].
    long since();

    void hangUp();
}
