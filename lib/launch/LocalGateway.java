package lib.launch;

import java.net.URI;
import lib.api.Providers;

/// A gateway in this process.
///
///     try (var gateway = gateways.embedded(use)) { agent.start(gateway.baseUrl()); }
public interface LocalGateway extends AutoCloseable {
    /// The address on which it listens.
    URI baseUrl();

    /// Its providers.
    Providers providers();

    @Override
    void close();
}
