package lib.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import lib.gateway.ConnectError.Code;
import lib.gateway.manage.Definitions;
import lib.gateway.state.GatewayState;
import lib.providers.Kind;
import lib.providers.ProviderType;

/// `LLMProviderService`: the providers of this gateway.
final class ProviderService {
    private final HostedProviders providers;
    private final Optional<GatewayState> state;
    private final ConnectionCheck check;

    ProviderService(HostedProviders providers, Optional<GatewayState> state, ConnectionCheck check) {
        this.providers = providers;
        this.state = state;
        this.check = check;
    }

    JsonNode answer(String method, ManagementCall call) {
        var kept = new KeptObjects(Kind.LLM, "LLM provider", state, providers::isFixed, ProxyPath.PREFIX);
        return switch (method) {
            case "CreateLLMProvider" -> kept.create(call);
            case "GetLLMProvider" -> get(call, kept);
            case "ListLLMProviders" -> list(call, kept);
            case "UpdateLLMProvider" -> kept.update(call);
            case "DeleteLLMProvider" -> kept.delete(call);
            case "CheckConnection" -> check(call, kept);
            case "ListLLMProviderTypes" -> types();
            default -> throw new ConnectError(Code.UNIMPLEMENTED, method + " is not implemented by this gateway");
        };
    }

    private JsonNode get(ManagementCall call, KeptObjects kept) {
        call.permit(Permission.GET, Kind.LLM);
        var name = call.required("name");
        return kept.one(providers.present(name).orElseThrow(() -> kept.notFound(name)).json(), call);
    }

    private JsonNode list(ManagementCall call, KeptObjects kept) {
        call.permit(Permission.LIST, Kind.LLM);
        var contained = ManagementCall.text(call.message().path("filter"), "nameContains");
        var listed = providers.present().stream().filter(each -> each.provider().name().contains(contained)).toList();
        return Pager.page(call, "llmProviders", listed, each -> each.provider().name(), each -> kept.shown(each.json(), call));
    }

    private JsonNode check(ManagementCall call, KeptObjects kept) {
        if (!call.message().has("providerConfig")) {
            call.permit(Permission.GET, Kind.LLM);
            var name = call.required("name");
            return check.of(providers.present(name).orElseThrow(() -> kept.notFound(name)));
        }
        // Where a secret would go is said by the caller: that is as good as making a provider.
        call.permit(Permission.CREATE, Kind.LLM);
        if (!(call.message().path("providerConfig") instanceof ObjectNode config)) throw new ConnectError(Code.INVALID_ARGUMENT, "providerConfig is not an object");
        kept.kept();
        return check.of(providers.draft(kept.checked(() -> Definitions.LLM.create(config.deepCopy().put("name", "draft")))));
    }

    private static JsonNode types() {
        var json = JsonNodeFactory.instance.objectNode();
        var list = json.putArray("types");
        Wire.ALL.keySet().stream().map(ProviderType::wire).sorted().forEach(list::add);
        return json;
    }
}
