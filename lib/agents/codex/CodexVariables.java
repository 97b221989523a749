package lib.agents.codex;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The variables that Codex does not inherit: those that could lead it past the gateway or make it keep its
/// records elsewhere, and the subscription login of Claude Code. The secrets of [lib.agents.variables.Withheld]
/// are removed as well.
///
/// The binary reads dozens of `CODEX_*` variables. One (`CODEX_EXEC_SERVER_URL`) has every command run by
/// another server, two (`CODEX_SQLITE_HOME`, `CODEX_ROLLOUT_TRACE_ROOT`) write conversations outside the home.
/// So all variables of that family are removed.
///
///     CodexVariables.scrubbed(System.getenv().keySet()).contains("OPENAI_API_KEY")   // true
final class CodexVariables {
    /// Variables that are removed even if they are not set, so that a plan names them.
    private static final List<String> KNOWN = List.of(
            "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CODEX_ACCESS_TOKEN",
            "CODEX_API_KEY",
            "CODEX_EXEC_SERVER_URL",
            "CODEX_HOME",
            "CODEX_ROLLOUT_TRACE_ROOT",
            "CODEX_SQLITE_HOME",
            "OPENAI_API_KEY",
            "OPENAI_BASE_URL",
            "OPENAI_ORGANIZATION",
            "OPENAI_PROJECT");

    private static final List<String> FAMILIES = List.of("CODEX_", "OPENAI_");

    /// Variables that are kept: those by which corporate users reach the gateway, and those for the appearance.
    private static final Set<String> KEPT =
            Set.of("CODEX_CA_CERTIFICATE", "CODEX_TUI_DISABLE_KEYBOARD_ENHANCEMENT", "CODEX_TUI_ROUNDED");

    private CodexVariables() {}

    /// Every variable that a launch removes: the known ones, and those of `present` that belong to their
    /// families.
    static SortedSet<String> scrubbed(Collection<String> present) {
        var names = new TreeSet<>(KNOWN);
        present.stream()
                .filter(name -> FAMILIES.stream().anyMatch(name::startsWith))
                .forEach(names::add);
        names.removeAll(KEPT);
        return names;
    }
}
