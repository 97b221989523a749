package lib.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.util.List;
import lib.api.ConnectClient.Reply;
import lib.auth.Tokens;
import lib.http.Http;
import lib.http.Http.Retry;

/// Reads the providers of a configured gateway, as far as a launch needs them. [lib.api.resource.Resources]
/// manages them.
///
///     var management = new ProviderClient(settings.gateway(), tokens, http);
///     management.list().forEach(provider -> System.out.println(provider.name()));
public final class ProviderClient implements Providers {
    private final ConnectClient connect;

    /// @param gateway the gateway's base URL
    public ProviderClient(URI gateway, Tokens tokens, Http http) {
        this.connect = new ConnectClient(gateway, tokens, http);
    }

    @Override
    public Lookup find(String name) {
        var request = JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name));
        var reply = connect.call("LLMProviderService/GetLLMProvider", request, Retry.SAFE);
        if (reply instanceof Reply.Failure(var code, var why)) {
            if (code.equals("permission_denied")) return new Lookup.Unreadable(why);
            if (code.equals("not_found")) throw Providers.notFound(ResourceKind.LLM, name, connect);
        }
        var provider = connect.message(reply).path("llmProvider");
        if (!provider.isObject()) throw connect.notAGateway("an answer without a provider");
        return new Lookup.Found(Provider.fromJson(provider));
    }

    @Override
    public List<Provider> list() {
        var request = JsonNodeFactory.instance.objectNode().put("pageSize", 100);
        return connect.pages("LLMProviderService/ListLLMProviders", request, "llmProviders").stream()
                .map(Provider::fromJson)
                .toList();
    }
}
