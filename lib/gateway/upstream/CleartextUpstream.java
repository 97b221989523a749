package lib.gateway.upstream;

import java.io.IOException;
import java.net.URI;

/// Connects to a host without TLS, such as a model server on this machine or in this cluster.
///
///     new Http1Pool(CleartextUpstream.at(URI.create("http://127.0.0.1:11434"), HostLookup.ANYWHERE))
record CleartextUpstream(String host, int port, HostLookup lookup) implements Http1Pool.Dialer {
    static CleartextUpstream at(URI uri, HostLookup lookup) {
        return new CleartextUpstream(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), lookup);
    }

    @Override
    public Http1Connection dial() throws IOException {
        return Http1Connection.on(Http1Connection.connected(host, port, lookup));
    }

    @Override
    public boolean isCostly() {
        return false;
    }
}
