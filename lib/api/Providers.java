package lib.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Supplier;
import lib.base.ErrorCode;
import lib.base.Remedy;
import lib.base.UserError;

/// Reads the providers of a gateway, which may run elsewhere or in this process.
///
///     providers.find("anthropic")   // Found[provider=…]
public interface Providers {
    /// Reads one provider.
    ///
    /// @throws UserError if there is no such provider, or if the gateway does not answer
    Lookup find(String name);

    /// Reads all providers.
    List<Provider> list();

    /// Returns the providers of a fixed list, such as those of a gateway in this process.
    ///
    /// @param where the name of the gateway in messages
    static Providers of(List<Provider> providers, String where) {
        return new Providers() {
            @Override
            public Lookup find(String name) {
                return providers.stream()
                        .filter(p -> p.name().equals(ProxyUrl.checked(name)))
                        .findFirst()
                        .map(Lookup.Found::new)
                        .orElseThrow(() -> notFound(
                                name,
                                where,
                                String.join(
                                        ", ",
                                        providers.stream().map(Provider::name).toList())));
            }

            @Override
            public List<Provider> list() {
                return providers;
            }
        };
    }

    /// Returns the same providers with the result of a look-up that was made already.
    default Providers knowing(String known, Lookup lookup) {
        return knowing(known, () -> lookup);
    }

    /// Returns the same providers with the error of a look-up that failed already.
    default Providers failing(String known, UserError error) {
        return knowing(known, () -> {
            throw error;
        });
    }

    private Providers knowing(String known, Supplier<Lookup> lookup) {
        var all = this;
        return new Providers() {
            @Override
            public Lookup find(String name) {
                return name.equals(known) ? lookup.get() : all.find(name);
            }

            @Override
            public List<Provider> list() {
                return all.list();
            }
        };
    }

    /// Returns the error for a resource that a configured gateway does not have, with a similar name if there is
    /// one.
    static UserError notFound(ResourceKind kind, String name, ConnectClient connect) {
        try {
            var names = connect
                    .pages(
                            kind.method("List"),
                            JsonNodeFactory.instance.objectNode().put("pageSize", 100),
                            kind.keyOfSeveral())
                    .stream()
                    .map(each -> each.path("name").asText(""))
                    .toList();
            var near = DidYouMean.of(name, names);
            if (near.isPresent())
                return notFound(
                        kind,
                        name,
                        connect.gateway().toString(),
                        Remedy.advice("did you mean \"%s\"?".formatted(near.get())));
        } catch (UserError e) {
            // A caller who may read a resource may lack the permission to list them.
        }
        return notFound(kind, name, connect.gateway().toString(), list(kind));
    }

    /// Returns the error for a provider that does not exist.
    ///
    /// @param known the existing names; empty if they are not known
    static UserError notFound(String name, String where, String known) {
        return notFound(
                ResourceKind.LLM,
                name,
                where,
                known.isEmpty() ? list(ResourceKind.LLM) : Remedy.advice("use one of " + known));
    }

    private static UserError notFound(ResourceKind kind, String name, String where, Remedy remedy) {
        return new UserError(ErrorCode.NOT_FOUND, "%s not found at %s".formatted(kind.named(name), where), remedy);
    }

    private static Remedy list(ResourceKind kind) {
        return Remedy.run("rpkai %s list".formatted(kind.command()));
    }
}
