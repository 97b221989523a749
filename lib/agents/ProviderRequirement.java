package lib.agents;

import java.util.Set;
import java.util.stream.Collectors;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.api.Providers;
import lib.base.UserError;

/// The conditions that a provider must meet before an agent is launched with it.
///
///     ProviderRequirement.require("anthropic", ClaudeCode.TYPES, "Claude Code", providers)
public final class ProviderRequirement {
    private ProviderRequirement() {}

    /// Reads the provider and checks that it is enabled and that the agent supports its type.
    ///
    /// @throws UserError when it is not; its hint names the command or the suitable providers
    public static Lookup require(String name, Set<ProviderType> types, String agent, Providers providers) {
        var lookup = providers.find(name);
        if (lookup instanceof Lookup.Found(var provider)) {
            if (!types.contains(provider.type())) {
                throw new UserError(
                        "provider \"%s\" has the type %s, but %s requires %s"
                                .formatted(name, provider.type(), agent, labels(types)),
                        fitting(types, providers));
            }
            if (!provider.enabled())
                throw new UserError(
                        "provider \"%s\" is disabled".formatted(name),
                        "run rpkai llm update %s --enabled".formatted(name));
        }
        return lookup;
    }

    /// The error `--llmprovider is required`, with the suitable providers if they can be listed.
    public static UserError missing(Set<ProviderType> types, Providers providers) {
        return UserError.usage("--llmprovider is required", fitting(types, providers));
    }

    private static String fitting(Set<ProviderType> types, Providers providers) {
        try {
            var names = providers.list().stream()
                    .filter(p -> p.enabled() && types.contains(p.type()))
                    .map(Provider::name)
                    .toList();
            return names.isEmpty()
                    ? "no provider of the gateway is suitable; run rpkai llm list"
                    : "use -L " + String.join(" or -L ", names);
        } catch (UserError unlistable) {
            return "choose one with -L; rpkai llm list lists them";
        }
    }

    private static String labels(Set<ProviderType> types) {
        return types.stream().map(ProviderType::label).sorted().collect(Collectors.joining(" or "));
    }
}
