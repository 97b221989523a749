package lib.cli.completion;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.agents.registry.Agents;
import lib.api.ProviderType;
import lib.api.Resource;
import lib.cli.completion.CachedNames.Name;

/// The names of a gateway's providers and models, and their uses: a provider can be used with the agents that
/// speak its protocol, and a model with the providers that allow it.
record OfferedNames(List<Resource> all) {
    List<Name> providers() {
        return all.stream()
                .map(provider -> new Name(
                        "PROVIDER", provider.name(), provider.typeLabel(), agents(ProviderType.of(provider.type()))))
                .toList();
    }

    /// The agents for a type of provider; never empty, since an empty list would mean all agents.
    private static List<String> agents(ProviderType type) {
        var names = Agents.ALL.stream()
                .map(Agents.Entry::agent)
                .filter(agent -> agent.types().contains(type))
                .map(agent -> agent.binary().name())
                .toList();
        return names.isEmpty() ? List.of("-") : names;
    }

    /// @param catalogue the gateway's models; a provider without an allowlist offers every model of its type
    List<Name> models(List<? extends JsonNode> catalogue) {
        var labels = new LinkedHashMap<String, String>();
        var offering = new LinkedHashMap<String, Set<String>>();
        for (var model : catalogue) {
            var name = model.path("name").asText("");
            labels.put(name, model.path("label").asText(""));
            var open = offering.computeIfAbsent(name, _ -> new LinkedHashSet<>());
            all.stream()
                    .filter(provider -> provider.models().isEmpty()
                            && provider.type().equals(model.path("providerType").asText("")))
                    .forEach(provider -> open.add(provider.name()));
        }
        for (var provider : all)
            provider.models()
                    .keySet()
                    .forEach(name -> offering.computeIfAbsent(name, _ -> new LinkedHashSet<>())
                            .add(provider.name()));
        var names = new ArrayList<Name>();
        offering.forEach((name, by) -> names.add(
                new Name("MODEL", name, labels.getOrDefault(name, ""), by.isEmpty() ? List.of("-") : List.copyOf(by))));
        return names;
    }
}
