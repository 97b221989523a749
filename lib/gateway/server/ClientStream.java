package lib.gateway.server;

import lib.gateway.access.Caller;

/// A request on a connection that carries several at a time, as in HTTP/2.
public final class ClientStream implements Client {
    private final String peer;
    private volatile String provider = "";
    private volatile String caller = "";
    private volatile boolean answered;

    ClientStream(String peer) {
        this.peer = peer;
    }

    @Override
    public void asks(boolean last) {
        // The client ends the connection.
    }

    @Override
    public void asks(String provider, Caller caller) {
        this.provider = provider;
        this.caller = caller.name();
    }

    @Override
    public void rests() {
        answered = true;
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public String caller() {
        return caller;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }
}
