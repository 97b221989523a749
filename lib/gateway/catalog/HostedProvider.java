package lib.gateway.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.BooleanSupplier;
import lib.api.Provider;
import lib.gateway.formats.Formats;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;

/// A provider that this gateway serves: what callers see of it, and where its requests go.
///
///     new HostedProvider(provider, new Upstream.Demo())
///
/// @param provider what a request's way depends on
/// @param upstream where the proxy sends what it lets through
/// @param presence asked, each time anew, before the provider is shown: whether it is there at all
/// @param json the provider as the management API shows it, but for its `url`
public record HostedProvider(Provider provider, Upstream upstream, BooleanSupplier presence, ObjectNode json) {

    /// One that is always there.
    public HostedProvider(Provider provider, Upstream upstream) {
        this(provider, upstream, () -> true);
    }

    /// One that may be there or not.
    public HostedProvider(Provider provider, Upstream upstream, BooleanSupplier presence) {
        this(provider, upstream, presence, provider.toJson());
    }

    /// @throws IllegalArgumentException for a name that could not be a path segment of the proxy URL, for a type
    ///     that the gateway does not serve, where provider and upstream disagree about passthrough
    public HostedProvider {
        if (!provider.name().matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("not a provider name: " + provider.name());
        }
        Formats.of(provider.type());
        var passes = upstream instanceof Upstream.Remote(var _, UpstreamAuth.Passthrough _, var _, var _);
        var decidedElsewhere = upstream instanceof Upstream.Remote(var _, UpstreamAuth.Gateway _, var _, var _)
                || upstream instanceof Upstream.Stored;
        if (passes != provider.passthrough() && !decidedElsewhere) {
            throw new IllegalArgumentException("passthrough or not: " + provider.name());
        }
    }

    boolean isPresent() {
        return presence.getAsBoolean();
    }
}
