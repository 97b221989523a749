package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.api.ResourceKind;
import lib.gateway.secret.SecretName;
import lib.gateway.state.GatewayState;

/// Finds the stored references that name something which no reference may name: a reserved name, or a variable of the
/// gateway's environment that its owner did not allow.
public final class WithheldVariables {
    private WithheldVariables() {}

    /// Returns a warning for each such name, with the resources that refer to it and the remedy.
    ///
    ///     provider "team" refers to the variable TEAM_KEY, which it does not get: start the
    ///     gateway with --secret-env TEAM_KEY
    public static List<String> in(GatewayState state) {
        var names = new LinkedHashMap<String, List<String>>();
        collect(state, ResourceKind.LLM, "provider", names);
        collect(state, ResourceKind.MCP, "MCP server", names);
        return names.entrySet().stream()
                .filter(each -> isWithheld(state, each.getKey()))
                .map(WithheldVariables::line)
                .toList();
    }

    private static void collect(GatewayState state, ResourceKind kind, String what, Map<String, List<String>> names) {
        state.of(kind)
                .all()
                .forEach((name, kept) -> references(kept.definition(), new LinkedHashSet<>())
                        .forEach(reference -> names.computeIfAbsent(reference, _ -> new ArrayList<>())
                                .add("%s \"%s\"".formatted(what, name))));
    }

    private static Set<String> references(JsonNode json, Set<String> found) {
        for (var field : json.properties())
            if (field.getKey().endsWith("Ref") && field.getValue().isTextual())
                found.add(field.getValue().asText());
        for (var child : json) references(child, found);
        return found;
    }

    private static boolean isWithheld(GatewayState state, String name) {
        if (SecretName.isReserved(name)) return true;
        return !state.environment().getOrDefault(name, "").isBlank()
                && !state.secrets().variables().allow(name)
                && state.storedSecrets().list().stream()
                        .noneMatch(secret -> secret.name().equals(name));
    }

    private static String line(Map.Entry<String, List<String>> withheld) {
        var name = withheld.getKey();
        var users = String.join(" and ", withheld.getValue());
        return SecretName.isReserved(name)
                ? ("%s refers to %s, a name that is reserved for rpkai's own settings, and cannot be used: store the "
                                + "value with rpkai secret set under another name, and refer to that")
                        .formatted(users, name)
                : "%s refers to the variable %s, which it may not read: start the gateway with --secret-env %s"
                        .formatted(users, name, name);
    }
}
