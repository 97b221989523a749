package lib.gateway;

import lib.providers.Provider;

/// A provider that this gateway serves: what callers see of it, and where its requests go.
///
///     new HostedProvider(provider, new Upstream.Demo())
///
/// @param provider as the management API shows it; its `url` is filled in by the gateway
/// @param upstream where the proxy sends what it lets through
public record HostedProvider(Provider provider, Upstream upstream) {

    /// @throws IllegalArgumentException for a name that could not be a path segment of the proxy URL
    public HostedProvider {
        if (!provider.name().matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("not a provider name: " + provider.name());
        }
    }
}
