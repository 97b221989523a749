package lib.providers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.util.List;
import lib.auth.Tokens;
import lib.http.Http;
import lib.http.Http.Retry;
import lib.providers.Connect.Reply;

/// The providers of a configured gateway, as far as a launch needs them. [LlmProviders] is the whole service.
///
///     var management = new Management(settings.gateway(), tokens, http);
///     management.list().forEach(provider -> System.out.println(provider.name()));
public final class Management implements Providers {
    private final Connect connect;

    /// @param gateway the gateway's base URL
    public Management(URI gateway, Tokens tokens, Http http) {
        this.connect = new Connect(gateway, tokens, http);
    }

    @Override
    public Lookup find(String name) {
        var request = JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(name));
        return switch (connect.call("LLMProviderService/GetLLMProvider", request, Retry.SAFE)) {
            case Reply.Message(var json) when json.path("llmProvider").isObject() -> new Lookup.Found(Provider.fromJson(json.path("llmProvider")));
            case Reply.Message _ -> throw connect.notAGateway("an answer without a provider");
            case Reply.Failure(var code, var why) when code.equals("permission_denied") -> new Lookup.Unreadable(why);
            case Reply.Failure(var code, _) when code.equals("not_found") -> throw Providers.notFound(name, connect);
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    @Override
    public List<Provider> list() {
        var request = JsonNodeFactory.instance.objectNode().put("pageSize", 100);
        return connect.pages("LLMProviderService/ListLLMProviders", request, "llmProviders").stream().map(Provider::fromJson).toList();
    }
}
