package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import lib.api.ResourceKind;
import lib.gateway.access.Caller;
import lib.gateway.access.Permission;
import lib.gateway.management.ConnectError.Code;

/// One call of the management API, on its way to the method that answers it.
///
/// @param caller who calls
/// @param message the request, a JSON object
/// @param gateway the gateway's base URL, as the caller knows it
record ManagementCall(Caller caller, JsonNode message, String gateway) {

    /// @throws ConnectError where the caller may not do that with objects of that kind
    void permit(Permission permission, ResourceKind kind) {
        if (!caller.role().may(permission)) {
            throw new ConnectError(Code.PERMISSION_DENIED, caller.name() + " lacks " + permission.wire(kind.message()));
        }
    }

    /// @param message what it is about, which admins alone may see and change
    /// @throws ConnectError where the caller is none
    void permitAdmin(Permission permission, String message) {
        if (caller.role() != Caller.Role.ADMIN)
            throw new ConnectError(Code.PERMISSION_DENIED, caller.name() + " lacks " + permission.wire(message));
    }

    /// @param permissions of which one is enough; a refusal names the first
    void permitOneOf(ResourceKind kind, Permission... permissions) {
        if (Arrays.stream(permissions).noneMatch(caller.role()::may)) permit(permissions[0], kind);
    }

    /// A field that must be there.
    String required(String field) {
        var value = text(field);
        if (value.isEmpty()) throw new ConnectError(Code.INVALID_ARGUMENT, field + " is required");
        return value;
    }

    /// A text, empty where it is absent.
    String text(String field) {
        return text(message, field);
    }

    static String text(JsonNode message, String field) {
        var value = message.path(field);
        if (value.isMissingNode() || value.isNull()) return "";
        if (!value.isTextual()) throw new ConnectError(Code.INVALID_ARGUMENT, field + " is not a string");
        return value.asText();
    }
}
