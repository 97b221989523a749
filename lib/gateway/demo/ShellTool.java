package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.Set;

/// The tool by which an agent that speaks OpenAI's wire runs a command. A script names one tool, `Bash`, as
/// Claude Code does; whichever of these is on offer stands for it.
enum ShellTool {
    /// Codex, with the models that it has no special tools for.
    EXEC_COMMAND("exec_command"),
    /// Codex, with its own newer models: JavaScript that calls the tools.
    EXEC("exec"),
    SHELL_COMMAND("shell_command"),
    SHELL("shell");

    /// The name that scripts use.
    static final String BASH = "Bash";

    private final String tool;

    ShellTool(String tool) {
        this.tool = tool;
    }

    /// The one among the tools on offer; empty where a tool named `Bash` is there itself.
    static Optional<ShellTool> among(Set<String> tools) {
        if (tools.contains(BASH)) return Optional.empty();
        for (var shell : values()) if (tools.contains(shell.tool)) return Optional.of(shell);
        return Optional.empty();
    }

    String tool() {
        return tool;
    }

    /// Whether its input is a text and not an object.
    boolean isFreeform() {
        return this == EXEC;
    }

    /// What it takes to run that command.
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
