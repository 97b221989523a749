package lib.gateway.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import lib.base.Host;
import lib.base.UserError;

/// The script of the demo model: a list of rules. The first rule that applies gives the answer.
///
///     DemoScript.parse("""
///         - when: (?i)say hello
///           say: Hello!
///         - when: "^run: (.+)"
///           tool: {name: Bash, input: {command: "{1}"}}
///         - when: tool_result
///           say: "It printed {tool_result}"
///         - say: I know only two things.
///         """)
///
/// `when` is a regular expression that is searched in the user's latest message, or the word `tool_result`, which
/// applies if a tool has just returned a result. A rule without `when` always applies. An answer is a text
/// (`say`), a call of a tool (`tool`), or both; a rule with a tool applies only if the client offers that tool.
/// `Bash` stands for the shell of any agent, whatever its name there. In texts and in a tool's input, `{prompt}`,
/// `{tool_result}`, `{model}` and the groups of the expression, `{0}` to `{9}`, are replaced by their values.
///
/// @param rules the rules, in the order in which they are tried
public record DemoScript(List<Rule> rules) {

    /// The variable that names the file of a script.
    public static final String VARIABLE = "RPAI_DEMO_SCRIPT";

    /// A rule: the condition under which it applies, and its answer.
    ///
    /// @param when the condition
    /// @param say the text of the answer; empty for none
    /// @param tool the tool that the answer calls, after the text
    public record Rule(When when, String say, Optional<ToolCall> tool) {}

    /// The condition of a rule.
    public sealed interface When {
        /// Applies to every request.
        record Always() implements When {}

        /// Applies if a tool has just returned a result.
        record ToolResult() implements When {}

        /// Applies if the pattern is found in the latest message of the user.
        record Prompt(Pattern pattern) implements When {}
    }

    /// A call of a tool.
    ///
    /// @param name the tool's name, as the client offers it
    /// @param input the input of the call, a JSON object as text with placeholders
    public record ToolCall(String name, String input) {}

    public DemoScript {
        rules = List.copyOf(rules);
    }

    /// Returns the built-in script, which answers `say hello` and `run: some command`.
    public static DemoScript standard() {
        // Not parsed from YAML, which would take half of the start-up time of a gateway.
        return new DemoScript(List.of(
                new Rule(new When.ToolResult(), "The command printed:\n\n{tool_result}", Optional.empty()),
                new Rule(prompt("^run:\\s*(.+)"), "Running it.", Optional.of(new ToolCall("Bash", """
                                {"command": "{1}", "description": "What you asked the demo model to run"}"""))),
                new Rule(prompt("(?i)say hello"), "Hello! This is rpkai's demo model speaking.", Optional.empty()),
                new Rule(new When.Always(), """
                        This is rpkai's demo model: a script inside the gateway on this machine, no network and no AI \
                        involved. It answers "say hello", and "run: echo hi" has your agent run that command.

                        To use a real model, sign in to your organisation's gateway with `rpkai auth login`, or set \
                        ANTHROPIC_API_KEY or OPENAI_API_KEY and choose the provider `anthropic` or \
                        `openai`.""", Optional.empty())));
    }

    /// Returns the script in that file, else the one in the file that [#VARIABLE] names, else the built-in one.
    ///
    /// @throws UserError if the file cannot be used
    public static DemoScript of(Host host, Optional<String> file) {
        return file.or(() -> host.variable(VARIABLE))
                .map(Path::of)
                .map(host.cwd()::resolve)
                .map(DemoScript::read)
                .orElseGet(DemoScript::standard);
    }

    /// Reads a script from a file.
    ///
    /// @throws UserError if there is no valid script; the message names the invalid rule
    public static DemoScript read(Path file) {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserError("there is no demo script " + file, "check the path");
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the demo script " + file, "check its owner and mode, and that it is text in UTF-8");
        }
        try {
            return parse(yaml);
        } catch (UserError wrong) {
            throw new UserError(wrong.getMessage(), "correct " + file);
        }
    }

    /// Reads a script from YAML.
    ///
    /// @throws UserError if the text is not a script; the message names the invalid rule
    public static DemoScript parse(String yaml) {
        JsonNode list;
        try {
            list = new YAMLMapper().readTree(yaml);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw wrong("it is not YAML%s: %s"
                    .formatted(
                            at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()),
                            e.getOriginalMessage().lines().findFirst().orElse("")));
        }
        if (!list.isArray() || list.isEmpty()) throw wrong("it is not a list of rules");
        var rules = new ArrayList<Rule>();
        for (var rule : list) rules.add(rule(rule, "rule " + (rules.size() + 1)));
        return new DemoScript(rules);
    }

    private static Rule rule(JsonNode json, String where) {
        if (!(json instanceof ObjectNode)) throw wrong(where + " is not a mapping");
        json.fieldNames().forEachRemaining(field -> {
            if (!Set.of("when", "say", "tool").contains(field)) throw wrong(where + " has an unknown key: " + field);
        });
        if (!json.has("say") && !json.has("tool")) throw wrong(where + " has neither say nor tool");
        if (json.path("say").isContainerNode()) throw wrong(where + ", say: is not a string");
        return new Rule(when(json.path("when"), where), json.path("say").asText(), tool(json.path("tool"), where));
    }

    private static When when(JsonNode json, String where) {
        if (json.isMissingNode()) return new When.Always();
        if (!json.isTextual()) throw wrong(where + ", when: is not a regular expression");
        if (json.asText().equals("tool_result")) return new When.ToolResult();
        try {
            return prompt(json.asText());
        } catch (PatternSyntaxException e) {
            throw wrong(where + ", when: " + e.getDescription());
        }
    }

    private static Optional<ToolCall> tool(JsonNode json, String where) {
        if (json.isMissingNode()) return Optional.empty();
        var name = json.path("name").asText();
        var input = json.path("input");
        if (name.isEmpty()) throw wrong(where + ", tool: has no name");
        json.fieldNames().forEachRemaining(field -> {
            if (!Set.of("name", "input").contains(field)) throw wrong(where + ", tool: has an unknown key: " + field);
        });
        if (!input.isMissingNode() && !input.isObject()) throw wrong(where + ", tool: input is not a mapping");
        return Optional.of(
                new ToolCall(name, (input.isObject() ? input : JsonNodeFactory.instance.objectNode()).toString()));
    }

    private static When prompt(String pattern) {
        return new When.Prompt(Pattern.compile(pattern, Pattern.MULTILINE));
    }

    private static UserError wrong(String what) {
        return new UserError("the demo script cannot be used: " + what, "correct the script");
    }
}
