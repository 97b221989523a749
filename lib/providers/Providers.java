package lib.providers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import lib.UserError;

/// The providers of a gateway, wherever it runs.
///
///     providers.find("anthropic")   // Found[provider=…]
public interface Providers {
    /// Reads one provider.
    ///
    /// @throws UserError when there is none of that name, or the gateway does not answer
    Lookup find(String name);

    /// Reads every provider.
    List<Provider> list();

    /// A fixed list, such as that of a gateway in this process.
    ///
    /// @param where what to call the gateway in a message
    static Providers of(List<Provider> providers, String where) {
        return new Providers() {
            @Override
            public Lookup find(String name) {
                return providers.stream().filter(p -> p.name().equals(ProxyUrl.checked(name))).findFirst().map(Lookup.Found::new)
                        .orElseThrow(() -> notFound(name, where, String.join(", ", providers.stream().map(Provider::name).toList())));
            }

            @Override
            public List<Provider> list() {
                return providers;
            }
        };
    }

    /// The same gateway's, with one look-up that has been made already.
    default Providers knowing(String known, Lookup lookup) {
        var all = this;
        return new Providers() {
            @Override
            public Lookup find(String name) {
                return name.equals(known) ? lookup : all.find(name);
            }

            @Override
            public List<Provider> list() {
                return all.list();
            }
        };
    }

    /// There is no such provider on a configured gateway, and what else may have been meant.
    static UserError notFound(String name, Connect connect) {
        try {
            var names = connect.pages("LLMProviderService/ListLLMProviders", JsonNodeFactory.instance.objectNode().put("pageSize", 100), "llmProviders").stream().map(provider -> provider.path("name").asText("")).toList();
            var near = Nearest.of(name, names);
            if (near.isPresent()) return new UserError("provider \"%s\" not found at %s".formatted(name, connect.gateway()), "did you mean \"%s\"?".formatted(near.get()));
        } catch (UserError e) {
            // Who may read one provider need not be allowed to list them.
        }
        return notFound(name, connect.gateway().toString(), "");
    }

    /// There is no such provider.
    ///
    /// @param known the names that exist; empty where they are not known
    static UserError notFound(String name, String where, String known) {
        return new UserError(
                "provider \"%s\" not found at %s".formatted(name, where), known.isEmpty() ? "run rpkai llm list to see what there is" : "use one of " + known);
    }
}
