///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES Library.java
// In a copy of yours: rpkai-library@org instead, by the name that you added the catalogue by.

import lib.launch.Launch;

/// Claude Code in plan mode, on a provider and a model that are pinned here: copy this file, edit the lines, run
/// it. What you type behind its name goes to Claude Code.
///
///     jbang claude-plan@org -p "How would you split this file?"
class claude_plan {
    static final String PROVIDER = System.getenv().getOrDefault("RPKAI_PROVIDER", "demo");
    static final String MODEL = System.getenv().getOrDefault("RPKAI_MODEL", "claude-sonnet-5-5");

    public static void main(String... args) {
        System.exit(Launch.claude()
                .through(PROVIDER)
                .model(MODEL)
                .args("--permission-mode", "plan")
                .args(args)
                .run());
    }
}
