package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import lib.api.ProviderType;
import lib.api.ResourceKind;
import lib.api.resource.ListFields;
import lib.gateway.access.Permission;
import lib.gateway.catalog.HostedProviders;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.management.ConnectError.Code;
import lib.gateway.management.definition.Definitions;
import lib.gateway.state.GatewayState;

/// `LLMProviderService`: manages the providers of this gateway.
public final class ProviderService {
    private final HostedProviders providers;
    private final Optional<GatewayState> state;
    private final ConnectionCheck check;

    public ProviderService(HostedProviders providers, Optional<GatewayState> state, ConnectionCheck check) {
        this.providers = providers;
        this.state = state;
        this.check = check;
    }

    JsonNode answer(String method, ManagementCall call) {
        var kept = new ResourceService(ResourceKind.LLM, "LLM provider", state, providers::isFixed, ProxyPath.PREFIX);
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

    private JsonNode get(ManagementCall call, ResourceService kept) {
        call.permit(Permission.GET, ResourceKind.LLM);
        var name = call.required("name");
        return kept.one(
                providers.present(name).orElseThrow(() -> kept.notFound(name)).json(), call);
    }

    private JsonNode list(ManagementCall call, ResourceService kept) {
        call.permit(Permission.LIST, ResourceKind.LLM);
        return Pager.page(
                call,
                "llmProviders",
                providers.present(),
                each -> each.provider().name(),
                each -> kept.shown(each.json(), call),
                ListFields.of(ResourceKind.LLM));
    }

    /// Checks the connection of a stored provider (`name`) or of a draft (`providerConfig`).
    private JsonNode check(ManagementCall call, ResourceService kept) {
        if (!call.message().has("providerConfig")) {
            call.permitOneOf(ResourceKind.LLM, Permission.GET, Permission.CHECK_CONNECTION);
            var name = call.required("name");
            return check.of(providers.present(name).orElseThrow(() -> kept.notFound(name)));
        }
        // The caller decides where a secret is sent. That requires the same trust as creating a provider;
        // permission to read one is not enough.
        call.permit(Permission.CHECK_CONNECTION, ResourceKind.LLM);
        if (call.message().has("name"))
            throw new ConnectError(Code.INVALID_ARGUMENT, "target is one of name and providerConfig, not both");
        if (!(call.message().path("providerConfig") instanceof ObjectNode config))
            throw new ConnectError(Code.INVALID_ARGUMENT, "providerConfig is not an object");
        kept.kept();
        var named = config.path("name").asText("").isEmpty() ? config.deepCopy().put("name", "draft") : config;
        return check.of(providers.draft(kept.checked(() -> Definitions.LLM.create(named))));
    }

    private static JsonNode types() {
        var json = JsonNodeFactory.instance.objectNode();
        var list = json.putArray("types");
        ProviderType.KNOWN.stream().map(ProviderType::wire).sorted().forEach(list::add);
        return json;
    }
}
