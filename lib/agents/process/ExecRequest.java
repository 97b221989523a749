package lib.agents.process;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import lib.base.UserError;

/// A program to start, with its arguments and environment as the kernel expects them.
record ExecRequest(Path program, MemorySegment path, MemorySegment argv, MemorySegment environment) {
    /// Shells that set `_` to the path of each command that they start.
    private static final Set<String> SHELLS_THAT_TELL = Set.of("bash", "zsh");

    /// Matches the value of `_` if such a shell started rpkai directly, and not through another program such as
    /// `nohup`.
    private static final Pattern US = Pattern.compile("(.*/)?(java|jbang|rpkai|[^/]+\\.java)");

    static ExecRequest of(Arena arena, Path program, List<String> argv, Map<String, String> environment) {
        var original = RawArguments.ofThisProcess();
        return new ExecRequest(
                program,
                Libc.string(arena, program.toString().getBytes(StandardCharsets.UTF_8)),
                Libc.strings(arena, original.arguments(argv)),
                Libc.strings(arena, original.environment(asByHand(environment, program))));
    }

    /// Returns the error for a program that could not be started.
    UserError failure(int errno) {
        var reason = switch (errno) {
            case 2 -> "no such file, or its interpreter is missing";
            case 7 -> "its arguments and environment are too long";
            case 8 -> "it is not a program for this machine";
            case 13 -> "permission denied";
            default -> "error " + errno;
        };
        return new UserError(
                "%s cannot be started (%s)".formatted(program, reason),
                switch (errno) {
                    case 7 -> "pass long text in a file or on standard input";
                    default -> "check that it is a program for this machine";
                });
    }

    private static Map<String, String> asByHand(Map<String, String> environment, Path program) {
        var variables = new LinkedHashMap<>(environment);
        if (SHELLS_THAT_TELL.contains(InheritedState.parentName())) {
            variables.computeIfPresent(
                    "_", (_, started) -> US.matcher(started).matches() ? program.toString() : started);
        }
        // The launcher of the JVM sets these variables for itself on macOS.
        var pid = "_" + ProcessHandle.current().pid();
        variables
                .keySet()
                .removeIf(name -> Libc.MAC
                        && (name.startsWith("JAVA_MAIN_CLASS")
                                || name.startsWith("APP_NAME")
                                || name.startsWith("JAVA_STARTED_ON_FIRST_THREAD"))
                        && name.endsWith(pid));
        return variables;
    }
}
