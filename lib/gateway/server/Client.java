package lib.gateway.server;

import lib.gateway.access.Caller;

/// The sender of a request, as the gateway knows it while it answers.
public sealed interface Client permits ClientConnection, ClientStream {
    /// Records that the head of a request has arrived.
    ///
    /// @param last whether it is the client's last request, after which the gateway closes the connection
    void asks(boolean last);

    /// Records the provider and the caller of the request.
    void asks(String provider, Caller caller);

    /// Records that the request has been answered.
    void rests();

    String provider();

    String caller();

    /// Returns the address at the other end of the connection.
    String peer();

    /// Returns whether the latest answer was sent in full.
    boolean isAnswered();
}
