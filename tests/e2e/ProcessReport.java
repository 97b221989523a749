package tests.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The state of an agent's process, from `/proc`, written by a stand-in that does not change it.
///
///     machine.program("claude", ProcessReport.SCRIPT);
///     var report = ProcessReport.read(out);
///
/// @param state what the kernel keeps for the process, by file and label
/// @param environment the variables
record ProcessReport(Map<String, String> state, List<String> environment) {
    /// The shell looks at itself: what it does to its files and signals it does in every launch. Its signals it
    /// must read without a child, for which it would block some.
    static final String SCRIPT = """
            cd /proc/$$
            echo "== files"; ls -l fd
            echo "== flags"; cat fdinfo/[0-2]
            echo "== status"; while IFS= read -r line; do echo "$line"; done < status
            echo "== limits"; cat limits
            for f in coredump_filter oom_score_adj timerslack_ns personality autogroup cgroup; do echo "== $f"; cat \
            $f 2>&1; done
            echo "== cwd"; echo "$OLDPWD"
            echo "== stat"; cat stat
            echo "== environ"; tr '\\000' '\\n' < environ
            """;

    private static final Set<String> STATUS = Set.of(
            "Name",
            "Umask",
            "Uid",
            "Gid",
            "Groups",
            "NoNewPrivs",
            "Seccomp",
            "SigBlk",
            "SigIgn",
            "SigCgt",
            "SigPnd",
            "ShdPnd",
            "CapInh",
            "CapPrm",
            "CapEff",
            "CapBnd",
            "CapAmb",
            "Cpus_allowed",
            "Mems_allowed",
            "TracerPid",
            "CoreDumping",
            "THP_enabled");

    static ProcessReport read(String text) {
        var state = new TreeMap<String, String>();
        var environment = List.<String>of();
        for (var part : text.split("(?m)^== ")) {
            if (part.isEmpty()) continue;
            var name = part.lines().findFirst().orElseThrow();
            var lines = part.lines().skip(1).toList();
            switch (name) {
                case "environ" -> environment = lines;
                case "flags" ->
                    state.put(
                            name,
                            lines.stream()
                                    .filter(line -> line.startsWith("flags"))
                                    .collect(Collectors.joining(" ")));
                case "stat" -> stat(lines.getFirst(), state);
                case "status" ->
                    lines.stream()
                            .map(line -> line.split(":\\s*", 2))
                            .filter(field -> STATUS.contains(field[0]))
                            .forEach(field -> state.put("status " + field[0], field[1]));
                // ls and the descriptor of the folder it reads are not the agent's.
                case "files" ->
                    state.put(
                            name,
                            lines.stream()
                                    .filter(line -> line.contains(" -> "))
                                    .map(line -> line.replaceAll(".* (\\d+ -> .*)", "$1"))
                                    .collect(Collectors.joining("\n")));
                default -> state.put(name, String.join("\n", lines));
            }
        }
        return new ProcessReport(state, environment);
    }

    /// Returns the differences from the other report, without the variables that a launch sets.
    List<String> differences(ProcessReport other, Set<String> variables) {
        var names = new TreeSet<>(state.keySet());
        names.addAll(other.state.keySet());
        names.removeAll(Set.of("pid", "parent", "group", "stat session"));
        var found = names.stream()
                .filter(name -> !Objects.equals(state.get(name), other.state.get(name)))
                .map(name -> "%s: %s, not %s".formatted(name, other.state.get(name), state.get(name)))
                .collect(Collectors.toCollection(ArrayList::new));
        var ours = without(environment, variables);
        var others = without(other.environment, variables);
        if (!ours.equals(others)) found.add("environment: %s, not %s".formatted(others, ours));
        return found;
    }

    private static List<String> without(List<String> environment, Set<String> names) {
        return environment.stream()
                .filter(variable -> !names.contains(variable.replaceFirst("=.*", "")))
                .sorted()
                .toList();
    }

    /// The fields that are of a kind, not of the moment: terminal, priorities, scheduling, the signal that tells
    /// the parent.
    private static void stat(String line, Map<String, String> state) {
        var fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        var pid = Pattern.compile("^\\d+")
                .matcher(line)
                .results()
                .findFirst()
                .orElseThrow()
                .group();
        state.put("pid", pid);
        state.put("parent", fields[1]);
        state.put("group", fields[2]);
        Map.of(
                        "session",
                        3,
                        "terminal",
                        4,
                        "priority",
                        15,
                        "nice",
                        16,
                        "exit signal",
                        35,
                        "real-time priority",
                        37,
                        "policy",
                        38)
                .forEach((name, index) -> state.put("stat " + name, fields[index]));
    }
}
