package lib.gateway.server;

import java.net.InetAddress;

/// A connection that holds one of the gateway's places and may have to give it up to another client.
interface WaitingConnection {
    /// Returns the address of the client.
    InetAddress address();

    /// Returns the sender, see [lib.gateway.exchange.TrustedProxies#sender].
    String sender();

    /// Returns how little the client would lose if the connection were closed: 0 if it has sent nothing yet, 1 if
    /// its request is incomplete, 2 if it is idle between two requests. Negative while a request is being
    /// answered.
    int idleness();

    /// Returns the start of this state, in [System#nanoTime].
    long since();

    void hangUp();
}
