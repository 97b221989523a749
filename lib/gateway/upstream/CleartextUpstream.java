package lib.gateway.upstream;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// Connects to a host without TLS, such as a model server on this machine or in this cluster.
///
///     new Http1Pool(CleartextUpstream.at(URI.create("http://127.0.0.1:11434"), HostLookup.ANYWHERE))
record CleartextUpstream(HostLookup.Recent known, int port) implements Http1Pool.Dialer {
    static CleartextUpstream at(URI uri, HostLookup lookup) {
        return new CleartextUpstream(
                new HostLookup.Recent(uri.getHost(), lookup), uri.getPort() < 0 ? 80 : uri.getPort());
    }

    @Override
    public Http1Connection dial() throws IOException {
        return Http1Connection.on(Http1Connection.connected(known.host(), port, known));
    }

    @Override
    public Optional<HostLookup.Recent> addresses() {
        return Optional.of(known);
    }

    @Override
    public boolean isCostly() {
        return false;
    }
}
