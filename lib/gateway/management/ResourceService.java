package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import lib.api.ResourceKind;
import lib.gateway.access.Permission;
import lib.gateway.management.ConnectError.Code;
import lib.gateway.management.definition.Definitions;
import lib.gateway.management.definition.InvalidDefinition;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StoredResource;
import lib.gateway.state.StoredResources.Table;

/// What the services of all kinds have in common: making, changing and deleting what the gateway's state keeps.
///
/// @param kind what it is about
/// @param noun what messages call one
/// @param state where they are kept; empty where nothing is
/// @param fixed whether one of that name is there without the state, and can't be changed
/// @param proxies what the URLs begin with by which they are used, below the gateway's own
record ResourceService(
        ResourceKind kind, String noun, Optional<GatewayState> state, Predicate<String> fixed, String proxies) {

    JsonNode create(ManagementCall call) {
        call.permit(Permission.CREATE, kind);
        var definition = checked(() -> Definitions.of(kind).create(object(call)));
        var made = StoredResource.now(definition, kept().clock().instant());
        kept().of(kind).change(table -> {
            if (table.find(made.name()).isPresent())
                throw new ConnectError(Code.ALREADY_EXISTS, "%s \"%s\" already exists".formatted(noun, made.name()));
            table.put(made);
            return made;
        });
        return one(made.shown(), call);
    }

    JsonNode update(ManagementCall call) {
        call.permit(Permission.UPDATE, kind);
        var change = object(call);
        var name = ManagementCall.text(change, "name");
        if (name.isEmpty()) throw new ConnectError(Code.INVALID_ARGUMENT, kind.key() + ".name is required");
        var mask = Optional.of(call.text("updateMask")).filter(text -> !text.isEmpty());
        return one(
                kept().of(kind)
                        .change(table -> {
                            var before = stored(table, name);
                            var after = before.with(
                                    checked(() -> Definitions.of(kind).update(before.definition(), change, mask)),
                                    kept().clock().instant());
                            table.put(after);
                            return after;
                        })
                        .shown(),
                call);
    }

    JsonNode delete(ManagementCall call) {
        call.permit(Permission.DELETE, kind);
        var name = call.required("name");
        kept().of(kind).change(table -> {
            table.delete(stored(table, name).name());
            return name;
        });
        return JsonNodeFactory.instance.objectNode();
    }

    GatewayState kept() {
        return kept(state);
    }

    /// @throws ConnectError where there is no state
    static GatewayState kept(Optional<GatewayState> state) {
        return state.orElseThrow(() -> new ConnectError(
                Code.FAILED_PRECONDITION,
                "this gateway serves what its machine has and keeps nothing: run rpkai gateway for one that does"));
    }

    ConnectError notFound(String name) {
        return new ConnectError(Code.NOT_FOUND, "%s \"%s\" not found".formatted(noun, name));
    }

    /// An answer with one of them.
    JsonNode one(ObjectNode shown, ManagementCall call) {
        return JsonNodeFactory.instance.objectNode().set(kind.key(), shown(shown, call));
    }

    /// One of them with the URL by which this caller uses it.
    JsonNode shown(ObjectNode object, ManagementCall call) {
        return object.deepCopy()
                .put("url", call.gateway() + proxies + object.path("name").asText());
    }

    /// @throws ConnectError where the definition can't be
    <T> T checked(Supplier<T> definition) {
        try {
            return definition.get();
        } catch (InvalidDefinition invalid) {
            throw ConnectError.of(invalid, kind.key());
        }
    }

    private StoredResource stored(Table table, String name) {
        return table.find(name)
                .orElseThrow(() -> fixed.test(name)
                        ? new ConnectError(
                                Code.FAILED_PRECONDITION,
                                ("%s \"%s\" is what the gateway's machine has, and cannot be changed: "
                                                + "create one of that name to take its place")
                                        .formatted(noun, name))
                        : notFound(name));
    }

    private JsonNode object(ManagementCall call) {
        var object = call.message().path(kind.key());
        if (!object.isObject()) throw new ConnectError(Code.INVALID_ARGUMENT, kind.key() + " is required");
        return object;
    }
}
