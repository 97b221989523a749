package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import lib.api.resource.ListFields;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.access.Permission;
import lib.gateway.management.ConnectError.Code;
import lib.gateway.secret.SecretName;
import lib.gateway.state.GatewayState;
import lib.gateway.state.SecretUse;
import lib.gateway.state.StoredSecrets;
import lib.gateway.state.StoredSecrets.Entry;

/// `SecretService`: the secrets that this gateway keeps, for admins. A value can be written but never read.
///
///     POST …SecretService/CreateSecret   {"secret": {"name": "ANTHROPIC_API_KEY", "value": "…"}}
///
/// @param state the state that keeps them; empty if there is none
record SecretService(Optional<GatewayState> state) {
    private static final String MESSAGE = "Secret";
    private static final ListFields FIELDS = ListFields.of("secret", "name", "updatedAt");

    JsonNode answer(String method, ManagementCall call) {
        return switch (method) {
            case "CreateSecret" -> set(call, Permission.CREATE);
            case "GetSecret" -> get(call);
            case "ListSecrets" -> list(call);
            case "UpdateSecret" -> set(call, Permission.UPDATE);
            case "DeleteSecret" -> delete(call);
            default -> throw new ConnectError(Code.UNIMPLEMENTED, method + " is not implemented by this gateway");
        };
    }

    private JsonNode set(ManagementCall call, Permission permission) {
        call.permitAdmin(permission, MESSAGE);
        var secret = call.message().path("secret");
        if (!secret.isObject()) throw new ConnectError(Code.INVALID_ARGUMENT, "secret is required");
        var name = checked(ManagementCall.text(secret, "name"));
        if (SecretName.isReserved(name))
            throw new ConnectError(
                    Code.INVALID_ARGUMENT,
                    "secret.name: %s is reserved for rpkai's own settings: use another name".formatted(name));
        var exists = find(name).isPresent();
        if (permission == Permission.CREATE && exists)
            throw new ConnectError(Code.ALREADY_EXISTS, "secret \"%s\" already exists".formatted(name));
        if (permission == Permission.UPDATE && !exists) throw notFound(name);
        kept().storedSecrets().set(name, value(ManagementCall.text(secret, "value")));
        return one(name);
    }

    /// @throws ConnectError if the value fits no header; the message describes the problem without repeating the
    ///     value
    private static Secret value(String text) {
        try {
            return StoredSecrets.checked(new Secret(text.strip()));
        } catch (UserError unfit) {
            throw new ConnectError(Code.INVALID_ARGUMENT, "secret.value: " + unfit.getMessage());
        }
    }

    private JsonNode get(ManagementCall call) {
        call.permitAdmin(Permission.GET, MESSAGE);
        return one(checked(call.required("name")));
    }

    private JsonNode list(ManagementCall call) {
        call.permitAdmin(Permission.LIST, MESSAGE);
        return Pager.page(call, "secrets", kept().storedSecrets().list(), Entry::name, SecretService::shown, FIELDS);
    }

    /// Deletes a secret, and lists in `usedBy` the objects that still refer to it.
    private JsonNode delete(ManagementCall call) {
        call.permitAdmin(Permission.DELETE, MESSAGE);
        var name = checked(call.required("name"));
        if (!kept().storedSecrets().delete(name)) throw notFound(name);
        var json = JsonNodeFactory.instance.objectNode();
        var users = SecretUse.of(name, kept());
        if (!users.isEmpty()) users.forEach(json.putArray("usedBy")::add);
        return json;
    }

    private JsonNode one(String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .set("secret", shown(find(name).orElseThrow(() -> notFound(name))));
    }

    private Optional<Entry> find(String name) {
        return kept().storedSecrets().list().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst();
    }

    private static ObjectNode shown(Entry entry) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", entry.name())
                .put("updatedAt", entry.updated().toString());
    }

    /// Checks a name. An invalid name is not repeated in the error: it may be the value.
    private static String checked(String name) {
        if (SecretName.isOne(name)) return name;
        throw new ConnectError(
                Code.INVALID_ARGUMENT,
                "secret.name must consist of upper-case letters, digits and underscores and " + "start with a letter");
    }

    private static ConnectError notFound(String name) {
        return new ConnectError(Code.NOT_FOUND, "secret \"%s\" not found".formatted(name));
    }

    private GatewayState kept() {
        return ResourceService.kept(state);
    }
}
