package lib.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.gateway.ConnectError.Code;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.providers.Kind;
import lib.providers.ListFields;

/// `MCPServerService`: the MCP servers to which this gateway relays. It has no managed ones.
///
/// @param state where they are kept; empty where there are none
record ServerService(Optional<GatewayState> state) {

    JsonNode answer(String method, ManagementCall call) {
        var kept = new KeptObjects(Kind.MCP, "MCP server", state, _ -> false, ServerProxy.PREFIX);
        return switch (method) {
            case "CreateMCPServer" -> kept.create(call);
            case "GetMCPServer" -> get(call, kept);
            case "ListMCPServers" -> list(call, kept);
            case "UpdateMCPServer" -> kept.update(call);
            case "DeleteMCPServer" -> kept.delete(call);
            case "ListManagedMCPTypes" -> JsonNodeFactory.instance.objectNode();
            default -> throw new ConnectError(Code.UNIMPLEMENTED, method + " is not implemented by this gateway");
        };
    }

    private JsonNode get(ManagementCall call, KeptObjects kept) {
        call.permit(Permission.GET, Kind.MCP);
        var name = call.required("name");
        return kept.one(Optional.ofNullable(servers().get(name)).orElseThrow(() -> kept.notFound(name)).shown(), call);
    }

    private JsonNode list(ManagementCall call, KeptObjects kept) {
        call.permit(Permission.LIST, Kind.MCP);
        return Pager.page(call, Kind.MCP.keyOfSeveral(), List.copyOf(servers().values()), StoredResource::name, server -> kept.shown(server.shown(), call), ListFields.of(Kind.MCP));
    }

    private Map<String, StoredResource> servers() {
        return state.map(kept -> kept.servers().latest()).orElse(Map.of());
    }
}
