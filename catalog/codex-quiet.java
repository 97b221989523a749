///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES Library.java
// In a copy of yours: rpkai-library@org instead, by the name that you added the catalogue by.

import lib.launch.Launch;

/// Codex for pipes: the answer on standard output and nothing else, unless something goes wrong. What is typed is
/// the prompt; what is piped in stands behind it.
///
///     git log -5 | jbang codex-quiet@org "Say in one line what these commits are about"
class codex_quiet {
    static final String PROVIDER = System.getenv().getOrDefault("RPKAI_PROVIDER", "demo-openai");

    public static void main(String... args) throws Exception {
        var piped =
                System.console() == null || !System.console().isTerminal() ? new String(System.in.readAllBytes()) : "";
        var answer = Launch.codex(codex -> codex.effort("low"))
                .through(PROVIDER)
                .args("exec", "--skip-git-repo-check")
                .args(args)
                .ask(piped);
        System.out.print(answer.out());
        if (answer.exitCode() != 0) System.err.print(answer.err());
        System.exit(answer.exitCode());
    }
}
