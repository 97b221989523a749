package lib.gateway.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.Providers;
import lib.api.ProxyUrl;
import lib.gateway.certificate.ClientCertificates;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.gateway.upstream.LazyHttpClient;

/// The providers of one gateway, by name: the fixed ones that it was started with, and those in its state, which
/// take precedence. The availability of a provider such as Ollama is checked only when providers are shown.
public final class HostedProviders implements Providers {
    private final Map<String, HostedProvider> fixed;
    private final Optional<GatewayState> state;
    private final Optional<StsCredentials> roles;
    private final Optional<ClientCertificates> certificates;
    private volatile Merged merged;

    /// @param stored the content of the state at the time of the merge
    private record Merged(Map<String, StoredResource> stored, Map<String, HostedProvider> all) {}

    public HostedProviders(List<HostedProvider> fixed, Optional<GatewayState> state, LazyHttpClient client) {
        this.fixed = fixed.stream()
                .collect(Collectors.toMap(hosted -> hosted.provider().name(), hosted -> hosted));
        this.state = state;
        this.roles = state.map(kept -> new StsCredentials(client, kept.environment(), kept.clock()));
        this.certificates = state.map(kept -> new ClientCertificates(kept.clock()));
        this.merged = new Merged(Map.of(), this.fixed);
    }

    /// Returns the provider of that name as far as it is known, however long the state's database has not
    /// answered. It may turn out not to be present. [#requireCurrent] tells whether it may be used.
    public Optional<HostedProvider> hosted(String name) {
        return Optional.ofNullable(
                state.map(kept -> with(kept.providers().known())).orElse(fixed).get(name));
    }

    /// Checks that requests may be served by what is known of the providers.
    ///
    /// @throws lib.gateway.state.StateUnavailable if the state's database has not answered for longer than the
    ///     limit
    public void requireCurrent() {
        state.ifPresent(GatewayState::requireCurrent);
    }

    /// Returns the provider of that name if it is available.
    public Optional<HostedProvider> present(String name) {
        return Optional.ofNullable(latest().get(name)).filter(HostedProvider::isPresent);
    }

    /// Returns the available providers, sorted by name.
    public List<HostedProvider> present() {
        return latest().values().stream()
                .filter(HostedProvider::isPresent)
                .sorted(Comparator.comparing(hosted -> hosted.provider().name()))
                .toList();
    }

    /// Returns a provider that is not stored, as it would be served.
    public HostedProvider draft(ObjectNode definition) {
        return StoredUpstream.hosted(
                definition, state.orElseThrow().secrets(), roles.orElseThrow(), certificates.orElseThrow());
    }

    /// Returns whether a provider of that name exists outside the state.
    public boolean isFixed(String name) {
        return fixed.containsKey(name);
    }

    @Override
    public Lookup find(String name) {
        return present(ProxyUrl.checked(name))
                .<Lookup>map(hosted -> new Lookup.Found(hosted.provider()))
                .orElseThrow(() -> Providers.notFound(
                        name,
                        "the embedded gateway",
                        list().stream().map(Provider::name).collect(Collectors.joining(", "))));
    }

    @Override
    public List<Provider> list() {
        return present().stream().map(HostedProvider::provider).toList();
    }

    private Map<String, HostedProvider> latest() {
        return state.map(kept -> with(kept.providers().latest())).orElse(fixed);
    }

    @SuppressWarnings("ReferenceEquality") // the same map, not an equal one
    private Map<String, HostedProvider> with(Map<String, StoredResource> stored) {
        var last = merged;
        // The state returns the same map until something changes.
        if (last.stored == stored) return last.all;
        var all = new TreeMap<>(fixed);
        stored.forEach((name, provider) -> all.put(name, draft(provider.shown())));
        merged = new Merged(stored, all);
        return all;
    }
}
