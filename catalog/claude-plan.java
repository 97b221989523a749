///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//MAIN claude_plan
//SOURCES ../lib/Rpkai.java

import java.util.ArrayList;
import java.util.List;
import lib.Rpkai;

/// Claude Code in plan mode, on a provider and a model that are pinned here: copy this file, edit the two lines, run it.
/// What you type behind its name goes to Claude Code.
///
///     jbang claude-plan.java -p "How would you split this file?"
class claude_plan {
    static final String PROVIDER = "demo";
    static final String MODEL = "claude-sonnet-5-5";

    public static void main(String... args) {
        var command = new ArrayList<>(List.of("run", "claude", "-L", PROVIDER, "-m", MODEL, "--", "--permission-mode", "plan"));
        command.addAll(List.of(args));
        Rpkai.main(command.toArray(String[]::new));
    }
}
