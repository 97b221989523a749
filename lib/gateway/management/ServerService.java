package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.api.ResourceKind;
import lib.api.resource.ListFields;
import lib.gateway.access.Permission;
import lib.gateway.management.ConnectError.Code;
import lib.gateway.proxy.McpProxy;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;

/// `MCPServerService`: the MCP servers to which this gateway forwards requests. It has no managed servers.
///
/// @param state the state that keeps them; empty if there is none
record ServerService(Optional<GatewayState> state) {

    JsonNode answer(String method, ManagementCall call) {
        var kept = new ResourceService(ResourceKind.MCP, "MCP server", state, _ -> false, McpProxy.PREFIX);
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

    private JsonNode get(ManagementCall call, ResourceService kept) {
        call.permit(Permission.GET, ResourceKind.MCP);
        var name = call.required("name");
        return kept.one(
                Optional.ofNullable(servers().get(name))
                        .orElseThrow(() -> kept.notFound(name))
                        .shown(),
                call);
    }

    private JsonNode list(ManagementCall call, ResourceService kept) {
        call.permit(Permission.LIST, ResourceKind.MCP);
        return Pager.page(
                call,
                ResourceKind.MCP.keyOfSeveral(),
                List.copyOf(servers().values()),
                StoredResource::name,
                server -> kept.shown(server.shown(), call),
                ListFields.of(ResourceKind.MCP));
    }

    private Map<String, StoredResource> servers() {
        return state.map(kept -> kept.servers().latest()).orElse(Map.of());
    }
}
