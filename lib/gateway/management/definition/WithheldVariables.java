package lib.gateway.management.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.api.ResourceKind;
import lib.gateway.state.GatewayState;
import lib.gateway.state.SecretVariables;

/// The references that look as if they meant a variable of the gateway's environment which references may not
/// name.
public final class WithheldVariables {
    private WithheldVariables() {}

    /// A line for each, for the machine's owner: what refers to which variable, and what to do.
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
        return !state.environment().getOrDefault(name, "").isBlank()
                && !state.secrets().variables().allow(name)
                && state.storedSecrets().list().stream()
                        .noneMatch(secret -> secret.name().equals(name));
    }

    private static String line(Map.Entry<String, List<String>> withheld) {
        var name = withheld.getKey();
        var remedy = SecretVariables.canAllow(name)
                ? "start the gateway with --secret-env " + name
                : "store its value with rpkai secret set under another name";
        return "%s refers to the variable %s, which it may not read: %s"
                .formatted(String.join(" and ", withheld.getValue()), name, remedy);
    }
}
