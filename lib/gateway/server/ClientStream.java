package lib.gateway.server;

import lib.gateway.access.Caller;

/// One request on a connection that carries several at a time, as HTTP/2's do.
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
        // The connection is the client's to end.
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
