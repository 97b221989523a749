///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//SOURCES Library.java
// In a copy of yours: rpkai-library@org instead, by the name that you added the catalogue by.

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.launch.Launch;

/// A review of what changed, for CI: a JSON object on standard output, exit code 0 where nothing is to be
/// objected to, 1 where something is, 2 where there was no review. What you type goes to `git diff`.
///
///     jbang claude-review@org origin/main...HEAD
class claude_review {
    static final String PROVIDER = System.getenv().getOrDefault("RPKAI_PROVIDER", "demo");
    static final String PROMPT = "Review the diff on standard input. Object only to what is wrong: bugs, leaks, broken "
            + "promises. Not to style.";
    static final String SCHEMA = """
            {"type": "object", "required": ["objections"], "properties": {"objections": {"type": "array", "items": \
            {"type": "object",
             "required": ["file", "line", "text"], "properties": {"file": {"type": "string"}, "line": {"type": \
            "integer"}, "text": {"type": "string"}}}}}}""";

    public static void main(String... args) throws Exception {
        var git = new ProcessBuilder("git", "diff").redirectError(ProcessBuilder.Redirect.INHERIT);
        git.command().addAll(List.of(args));
        var process = git.start();
        var diff = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) System.exit(2);

        var answer = Launch.claude()
                .through(PROVIDER)
                .args("--tools", "", "--output-format", "json", "--json-schema", SCHEMA, "-p", PROMPT)
                .ask(diff);
        var review = answer.exitCode() == 0
                ? new ObjectMapper().readTree(answer.out()).path("structured_output")
                : MissingNode.getInstance();
        if (!review.path("objections").isArray()) {
            System.err.print("claude-review: no review\n" + answer.err());
            if (answer.exitCode() == 0)
                System.err.println("instead of one: "
                        + new ObjectMapper()
                                .readTree(answer.out())
                                .path("result")
                                .asText());
            System.exit(2);
        }
        System.out.println(review.toPrettyString());
        System.exit(review.path("objections").isEmpty() ? 0 : 1);
    }
}
