package lib.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import lib.gateway.ConnectError.Code;
import lib.gateway.manage.InvalidProvider;
import lib.gateway.manage.ProviderDefinition;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredProvider;
import lib.gateway.state.StoredProviders.Table;
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
        try {
            return switch (method) {
                case "CreateLLMProvider" -> create(call);
                case "GetLLMProvider" -> get(call);
                case "ListLLMProviders" -> list(call);
                case "UpdateLLMProvider" -> update(call);
                case "DeleteLLMProvider" -> delete(call);
                case "CheckConnection" -> check(call);
                case "ListLLMProviderTypes" -> types();
                default -> throw new ConnectError(Code.UNIMPLEMENTED, method + " is not implemented by this gateway");
            };
        } catch (InvalidProvider invalid) {
            throw ConnectError.of(invalid);
        }
    }

    private JsonNode create(ManagementCall call) {
        call.permit(Permission.CREATE);
        var definition = ProviderDefinition.create(provider(call));
        var made = StoredProvider.now(definition, state().clock().instant());
        state().providers().change(table -> {
            if (table.find(made.name()).isPresent()) throw new ConnectError(Code.ALREADY_EXISTS, "LLM provider \"%s\" already exists".formatted(made.name()));
            table.put(made);
            return made;
        });
        return one(made.shown(), call);
    }

    private JsonNode get(ManagementCall call) {
        call.permit(Permission.GET);
        var name = call.required("name");
        return one(providers.present(name).orElseThrow(() -> notFound(name)).json(), call);
    }

    private JsonNode list(ManagementCall call) {
        call.permit(Permission.LIST);
        var contained = ManagementCall.text(call.message().path("filter"), "nameContains");
        var listed = providers.present().stream().filter(each -> each.provider().name().contains(contained)).toList();
        return Pager.page(call, "llmProviders", listed, each -> each.provider().name(), each -> shown(each.json(), call));
    }

    private JsonNode update(ManagementCall call) {
        call.permit(Permission.UPDATE);
        var change = provider(call);
        var name = ManagementCall.text(change, "name");
        if (name.isEmpty()) throw new ConnectError(Code.INVALID_ARGUMENT, "llmProvider.name is required");
        var mask = Optional.of(call.text("updateMask")).filter(text -> !text.isEmpty());
        return one(state().providers().change(table -> {
            var before = stored(table, name);
            var after = before.with(ProviderDefinition.update(before.definition(), change, mask), state().clock().instant());
            table.put(after);
            return after;
        }).shown(), call);
    }

    private JsonNode delete(ManagementCall call) {
        call.permit(Permission.DELETE);
        var name = call.required("name");
        state().providers().change(table -> {
            table.delete(stored(table, name).name());
            return name;
        });
        return JsonNodeFactory.instance.objectNode();
    }

    private JsonNode check(ManagementCall call) {
        if (!call.message().has("providerConfig")) {
            call.permit(Permission.GET);
            var name = call.required("name");
            return check.of(providers.present(name).orElseThrow(() -> notFound(name)));
        }
        // Where a secret would go is said by the caller: that is as good as making a provider.
        call.permit(Permission.CREATE);
        if (!(call.message().path("providerConfig") instanceof ObjectNode config)) throw new ConnectError(Code.INVALID_ARGUMENT, "providerConfig is not an object");
        state();
        return check.of(providers.draft(ProviderDefinition.create(config.deepCopy().put("name", "draft"))));
    }

    private static JsonNode types() {
        var json = JsonNodeFactory.instance.objectNode();
        var list = json.putArray("types");
        Wire.ALL.keySet().stream().map(ProviderType::wire).sorted().forEach(list::add);
        return json;
    }

    private StoredProvider stored(Table table, String name) {
        return table.find(name).orElseThrow(() -> providers.isFixed(name)
                ? new ConnectError(Code.FAILED_PRECONDITION, "LLM provider \"%s\" is what the gateway's machine has, and cannot be changed: create one of that name to take its place".formatted(name))
                : notFound(name));
    }

    private GatewayState state() {
        return state.orElseThrow(() -> new ConnectError(Code.FAILED_PRECONDITION, "this gateway serves what its machine has and keeps nothing: run rpkai gateway for one that does"));
    }

    private static JsonNode provider(ManagementCall call) {
        var provider = call.message().path("llmProvider");
        if (!provider.isObject()) throw new ConnectError(Code.INVALID_ARGUMENT, "llmProvider is required");
        return provider;
    }

    private static ConnectError notFound(String name) {
        return new ConnectError(Code.NOT_FOUND, "LLM provider \"" + name + "\" not found");
    }

    private static JsonNode one(ObjectNode provider, ManagementCall call) {
        return JsonNodeFactory.instance.objectNode().set("llmProvider", shown(provider, call));
    }

    private static JsonNode shown(ObjectNode provider, ManagementCall call) {
        return provider.deepCopy().put("url", call.proxies() + provider.path("name").asText());
    }
}
