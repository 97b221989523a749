package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import lib.api.ResourceKind;
import lib.gateway.access.Caller;
import lib.gateway.access.Permission;
import lib.gateway.management.ConnectError.Code;

/// One call of the management API.
///
/// @param caller the authenticated caller
/// @param message the request, a JSON object
/// @param gateway the gateway's base URL, as the caller knows it
record ManagementCall(Caller caller, JsonNode message, String gateway) {

    /// @throws ConnectError if the caller lacks that permission for objects of that kind
    void permit(Permission permission, ResourceKind kind) {
        if (!caller.role().may(permission)) {
            throw new ConnectError(Code.PERMISSION_DENIED, caller.name() + " lacks " + permission.wire(kind.message()));
        }
    }

    /// @param message the message type, which only admins may read and change
    /// @throws ConnectError if the caller is not an admin
    void permitAdmin(Permission permission, String message) {
        if (caller.role() != Caller.Role.ADMIN)
            throw new ConnectError(Code.PERMISSION_DENIED, caller.name() + " lacks " + permission.wire(message));
    }

    /// @param permissions the permissions, of which one is sufficient; an error names the first
    void permitOneOf(ResourceKind kind, Permission... permissions) {
        if (Arrays.stream(permissions).noneMatch(caller.role()::may)) permit(permissions[0], kind);
    }

    /// Returns a required field.
    String required(String field) {
        var value = text(field);
        if (value.isEmpty()) throw new ConnectError(Code.INVALID_ARGUMENT, field + " is required");
        return value;
    }

    /// Returns a text field; empty if it is absent.
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
