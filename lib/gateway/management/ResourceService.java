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

/// The common part of the services of all kinds: creates, changes and deletes objects in the gateway's state.
///
/// @param kind the kind of the objects
/// @param noun the word for one object in messages
/// @param state the state that keeps them; empty if there is none
/// @param fixed the test whether an object of that name exists outside the state and cannot be changed
/// @param proxies the beginning of the URLs under which the objects are used, below the gateway's own URL
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

    /// @throws ConnectError if there is no state
    static GatewayState kept(Optional<GatewayState> state) {
        return state.orElseThrow(() -> new ConnectError(
                Code.FAILED_PRECONDITION,
                "the embedded gateway of a launch stores nothing: run rpkai gateway to create " + "resources"));
    }

    ConnectError notFound(String name) {
        return new ConnectError(Code.NOT_FOUND, "%s \"%s\" not found".formatted(noun, name));
    }

    /// Returns an answer with one object.
    JsonNode one(ObjectNode shown, ManagementCall call) {
        return JsonNodeFactory.instance.objectNode().set(kind.key(), shown(shown, call));
    }

    /// Returns an object with the URL under which this caller uses it.
    JsonNode shown(ObjectNode object, ManagementCall call) {
        return object.deepCopy()
                .put("url", call.gateway() + proxies + object.path("name").asText());
    }

    /// @throws ConnectError if the definition is invalid
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
                                ("%s \"%s\" comes from the gateway's machine and cannot be changed: create one "
                                                + "of the same name to replace it")
                                        .formatted(noun, name))
                        : notFound(name));
    }

    private JsonNode object(ManagementCall call) {
        var object = call.message().path(kind.key());
        if (!object.isObject()) throw new ConnectError(Code.INVALID_ARGUMENT, kind.key() + " is required");
        return object;
    }
}
