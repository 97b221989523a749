package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.Set;

/// A tool with which an agent that uses OpenAI's API runs a command. Scripts use one name, `Bash`, as in Claude
/// Code; it stands for whichever of these tools the client offers.
enum ShellTool {
    /// Codex with models for which it has no special tools.
    EXEC_COMMAND("exec_command"),
    /// Codex with its own newer models. The input is JavaScript that calls the tools.
    EXEC("exec"),
    SHELL_COMMAND("shell_command"),
    SHELL("shell");

    /// The name that scripts use.
    static final String BASH = "Bash";

    private final String tool;

    ShellTool(String tool) {
        this.tool = tool;
    }

    /// Returns the shell among the tools that a client offers; empty if it offers `Bash` itself, or no shell.
    static Optional<ShellTool> among(Set<String> tools) {
        if (tools.contains(BASH)) return Optional.empty();
        for (var shell : values()) if (tools.contains(shell.tool)) return Optional.of(shell);
        return Optional.empty();
    }

    String tool() {
        return tool;
    }

    /// Returns whether the input of the tool is a text and not an object.
    boolean isFreeform() {
        return this == EXEC;
    }

    /// Returns the input with which the tool runs a command.
    JsonNode input(String command) {
        var input = JsonNodeFactory.instance.objectNode();
        return switch (this) {
            case EXEC_COMMAND -> input.put("cmd", command);
            case EXEC ->
                JsonNodeFactory.instance.textNode(
                        "text((await tools.exec_command(" + input.put("cmd", command) + ")).output)");
            case SHELL_COMMAND -> input.put("command", command);
            case SHELL -> {
                input.putArray("command").add("bash").add("-lc").add(command);
                yield input;
            }
        };
    }
}
