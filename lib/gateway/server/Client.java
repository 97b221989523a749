package lib.gateway.server;

import lib.gateway.access.Caller;

/// Who asks, as far as the gateway knows while it answers one request.
public sealed interface Client permits ClientConnection, ClientStream {
    /// Its head is here; its body may not be.
    ///
    /// @param last whether it asks no more: then it is for this side to end the connection
    void asks(boolean last);

    /// What its request turned out to be.
    void asks(String provider, Caller caller);

    /// It got its answer.
    void rests();

    String provider();

    String caller();

    /// The address at its other end.
    String peer();

    /// Whether all of its latest answer was sent.
    boolean isAnswered();
}
