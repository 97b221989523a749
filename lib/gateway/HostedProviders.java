package lib.gateway;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.providers.Lookup;
import lib.providers.Provider;
import lib.providers.Providers;
import lib.providers.ProxyUrl;

/// The providers of one gateway, by name. One that may be there or not is asked for when somebody wants to know.
final class HostedProviders implements Providers {
    private final Map<String, HostedProvider> byName = new LinkedHashMap<>();

    HostedProviders(List<HostedProvider> hosted) {
        hosted.forEach(each -> byName.put(each.provider().name(), each));
    }

    /// The one of that name, there or not: the proxy finds out soon enough.
    Optional<HostedProvider> hosted(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The one of that name, where it is there.
    Optional<Provider> present(String name) {
        return hosted(name).filter(HostedProvider::isPresent).map(HostedProvider::provider);
    }

    @Override
    public Lookup find(String name) {
        return present(ProxyUrl.checked(name)).<Lookup>map(Lookup.Found::new).orElseThrow(() -> Providers.notFound(
                name, "the embedded gateway", list().stream().map(Provider::name).collect(Collectors.joining(", "))));
    }

    /// Those that are there, by name.
    @Override
    public List<Provider> list() {
        return byName.values().stream().filter(HostedProvider::isPresent).map(HostedProvider::provider)
                .sorted(Comparator.comparing(Provider::name)).toList();
    }
}
