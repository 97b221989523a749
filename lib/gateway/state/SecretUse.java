package lib.gateway.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import lib.api.ResourceKind;

/// Finds the providers and MCP servers that refer to a secret.
///
///     SecretUse.of("ANTHROPIC_API_KEY", state)   // [provider "claude", MCP server "github"]
public final class SecretUse {
    private SecretUse() {}

    /// Returns every provider and MCP server of a gateway that names the secret, as messages call them.
    public static List<String> of(String name, GatewayState state) {
        var users = new ArrayList<String>();
        for (var kind : ResourceKind.ALL) {
            state.of(kind).latest().values().stream()
                    .filter(each -> refers(each.definition(), name))
                    .forEach(each -> users.add(kind.named(each.name())));
        }
        return List.copyOf(users);
    }

    private static boolean refers(JsonNode definition, String name) {
        for (var field : definition.properties()) {
            if (field.getValue().isTextual()
                    ? field.getKey().endsWith("Ref")
                            && field.getValue().asText().equals(name)
                    : refers(field.getValue(), name)) return true;
        }
        return false;
    }
}
