package lib.api.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import lib.api.ConnectClient;
import lib.api.ConnectClient.Reply;
import lib.api.Providers;
import lib.api.ProxyUrl;
import lib.api.Resource;
import lib.api.ResourceKind;
import lib.base.UserError;
import lib.http.Http.Retry;

/// Reads, creates, changes and deletes the resources of one kind through the service of the management API that is
/// named after the kind. A launch only reads providers, with [lib.api.ProviderClient].
///
///     new Resources(connect, ResourceKind.MCP).get("github").json()
public final class Resources {
    private final ConnectClient connect;
    private final ResourceKind kind;

    public Resources(ConnectClient connect, ResourceKind kind) {
        this.connect = connect;
        this.kind = kind;
    }

    /// Reads all resources, page by page.
    public List<Resource> list() {
        return connect
                .pages(
                        kind.method("List"),
                        JsonNodeFactory.instance.objectNode().put("pageSize", 100),
                        kind.keyOfSeveral())
                .stream()
                .map(json -> Resource.of(kind, json))
                .toList();
    }

    /// Reads the resources that the query selects.
    public Listing list(ListQuery query) {
        return Listing.read(
                connect,
                kind.method("List"),
                JsonNodeFactory.instance.objectNode(),
                kind.keyOfSeveral(),
                query,
                ListFields.of(kind));
    }

    /// Reads a resource.
    ///
    /// @throws UserError if it does not exist or may not be read
    public Resource get(String name) {
        return existing(name).orElseThrow(() -> notFound(name));
    }

    /// Reads a resource if it exists.
    ///
    /// @throws UserError if it may not be read
    public Optional<Resource> existing(String name) {
        return switch (connect.call(kind.method("Get"), request(name), Retry.SAFE)) {
            case Reply.Failure(var code, var _) when code.equals("not_found") -> Optional.empty();
            case Reply.Failure(var code, var why)
            when code.equals("permission_denied") ->
                throw new UserError(
                        "you may not read %s (%s)".formatted(kind.named(name), why),
                        "ask the gateway's administrator for the permission"
                                + (kind.equals(ResourceKind.LLM) ? "; rpkai run works without it" : ""));
            case Reply reply -> Optional.of(resource(reply));
        };
    }

    /// Creates a resource.
    ///
    /// @return the resource as the gateway stores it
    /// @throws UserError if there is one of that name, or if the gateway rejects it
    public Resource create(Resource resource) {
        var request = JsonNodeFactory.instance.objectNode();
        request.set(kind.key(), resource.json());
        // Not repeated: if the first answer was lost, the second would report that the name is taken.
        return switch (connect.call(kind.method("Create"), request, Retry.UNBEGUN)) {
            case Reply.Failure(var code, var _)
            when code.equals("already_exists") ->
                throw new UserError(
                        "%s already exists".formatted(kind.named(resource.name())),
                        "run rpkai %s update %s, or choose another name".formatted(kind.command(), resource.name()));
            case Reply reply -> resource(reply);
        };
    }

    /// Returns the message that updates these paths of a resource and nothing else. A field that the mask names
    /// but the resource lacks is cleared.
    public static ObjectNode updateRequest(Resource resource, List<String> mask) {
        var request = JsonNodeFactory.instance.objectNode();
        request.set(resource.kind().key(), resource.json());
        return request.put("updateMask", String.join(",", mask));
    }

    /// Updates these paths of a resource, and nothing else.
    ///
    /// @param mask the paths in lowerCamelCase, such as `anthropicConfig.baseUrl`; not empty
    /// @return the updated resource
    public Resource update(Resource resource, List<String> mask) {
        return switch (connect.call(kind.method("Update"), updateRequest(resource, mask), Retry.SAFE)) {
            case Reply.Failure(var code, var _) when code.equals("not_found") -> throw notFound(resource.name());
            case Reply reply -> resource(reply);
        };
    }

    /// Deletes a resource.
    public void delete(String name) {
        switch (connect.call(kind.method("Delete"), request(name), Retry.UNBEGUN)) {
            case Reply.Failure(var code, var _) when code.equals("not_found") -> throw notFound(name);
            case Reply.Failure failure -> throw connect.error(failure);
            case Reply.Message _ -> {}
        }
    }

    private Resource resource(Reply reply) {
        return switch (reply) {
            case Reply.Message(var json)
            when json.path(kind.key()).isObject() -> Resource.of(kind, json.path(kind.key()));
            case Reply.Message _ -> throw connect.notAGateway("an answer without " + kind.one());
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    private UserError notFound(String name) {
        return Providers.notFound(kind, name, connect);
    }

    private ObjectNode request(String name) {
        return JsonNodeFactory.instance.objectNode().put("name", ProxyUrl.checked(kind, name));
    }
}
