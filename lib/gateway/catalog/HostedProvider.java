package lib.gateway.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.BooleanSupplier;
import lib.api.Provider;
import lib.gateway.formats.Formats;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;

/// A provider that this gateway serves, with its upstream.
///
///     new HostedProvider(provider, new Upstream.Demo())
///
/// @param provider the properties that decide how requests are handled
/// @param upstream the destination of allowed requests
/// @param presence the check whether the provider is available, made each time before it is shown
/// @param json the provider as the management API shows it, without its `url`
public record HostedProvider(Provider provider, Upstream upstream, BooleanSupplier presence, ObjectNode json) {

    /// Creates a provider that is always available.
    public HostedProvider(Provider provider, Upstream upstream) {
        this(provider, upstream, () -> true);
    }

    /// Creates a provider that may be unavailable.
    public HostedProvider(Provider provider, Upstream upstream, BooleanSupplier presence) {
        this(provider, upstream, presence, provider.toJson());
    }

    /// @throws IllegalArgumentException if the name could not be a path segment of the proxy URL, if the gateway
    ///     does not serve the type, or if provider and upstream disagree about passthrough
    public HostedProvider {
        if (!provider.name().matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("not a provider name: " + provider.name());
        }
        Formats.of(provider.type());
        var passes = upstream instanceof Upstream.Remote(var _, UpstreamAuth.Passthrough _, var _, var _, var _);
        var decidedElsewhere = upstream instanceof Upstream.Remote(var _, UpstreamAuth.Gateway _, var _, var _, var _)
                || upstream instanceof Upstream.Stored;
        if (passes != provider.passthrough() && !decidedElsewhere) {
            throw new IllegalArgumentException("passthrough or not: " + provider.name());
        }
    }

    boolean isPresent() {
        return presence.getAsBoolean();
    }
}
