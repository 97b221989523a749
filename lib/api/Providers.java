package lib.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Supplier;
import lib.base.ErrorCode;
import lib.base.Remedy;
import lib.base.UserError;

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

    /// The same gateway's, with one look-up that has been made already.
    default Providers knowing(String known, Lookup lookup) {
        return knowing(known, () -> lookup);
    }

    /// The same gateway's, with one look-up that has failed already, and fails so again.
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

    /// There is no such thing on a configured gateway, and what else may have been meant.
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
            // Who may read one need not be allowed to list them.
        }
        return notFound(kind, name, connect.gateway().toString(), list(kind));
    }

    /// There is no such provider.
    ///
    /// @param known the names that exist; empty where they are not known
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
