package lib.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a Responses request for the demo model.
///
/// @param demo the request as the demo model sees it
/// @param shell the tool of the client that takes the place of `Bash` in a script
/// @see <a href="https://platform.openai.com/docs/api-reference/responses/create">Responses</a>
record ResponsesRequest(DemoRequest demo, Optional<ShellTool> shell) {
    // The text that Codex puts before the output of a command.
    private static final Pattern WRAPPING =
            Pattern.compile("(?s)^(Script completed\n)?(Chunk ID: [^\n]*\n)?Wall time[: ].*?\nOutput:\n");

    /// @throws lib.gateway.exchange.GatewayError for a request that the real API would refuse too
    static ResponsesRequest read(JsonNode json) {
        DemoRequest.require(json.path("model").isTextual(), "Missing required parameter: 'model'.");
        var input = json.path("input");
        DemoRequest.require(
                input.isTextual() || input.isArray() && !input.isEmpty(), "Missing required parameter: 'input'.");
        var tools = tools(json);
        var shell = ShellTool.among(tools);
        shell.ifPresent(_ -> tools.add(ShellTool.BASH));
        var demo = new DemoRequest(
                json.path("model").asText(),
                prompt(input),
                toolResult(input),
                tools,
                DemoRequest.object(json.path("text").path("format").path("schema")),
                json.path("max_output_tokens").asInt(Integer.MAX_VALUE),
                json.path("stream").asBoolean(),
                DemoRequest.inputTokens(json.path("instructions"), input, json.path("tools")));
        return new ResponsesRequest(demo, shell);
    }

    private static String prompt(JsonNode input) {
        if (input.isTextual()) return DemoRequest.said(input.asText());
        var texts = new ArrayList<String>();
        for (var item : input) {
            if (item.path("role").asText().equals("user")) texts.add(DemoRequest.text(item.path("content")));
        }
        return DemoRequest.latest(texts);
    }

    /// Returns the results of tools that came after the latest message of the user or the model. An agent may add
    /// instructions of its own after them.
    private static Optional<String> toolResult(JsonNode input) {
        var results = new ArrayList<String>();
        for (int i = input.size() - 1; i >= 0; i--) {
            var item = input.get(i);
            if (item.path("type").asText().endsWith("_call_output")) results.addFirst(output(item.path("output")));
            else if (!item.path("role").asText().equals("developer")) break;
        }
        return results.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", results));
    }

    private static String output(JsonNode output) {
        return WRAPPING.matcher(DemoRequest.text(output)).replaceFirst("").strip();
    }

    private static Set<String> tools(JsonNode json) {
        var names = new HashSet<String>();
        collect(json.path("tools"), names);
        // For its newer models, Codex sends the tools here.
        for (var item : json.path("input")) collect(item.path("tools"), names);
        return names;
    }

    private static void collect(JsonNode tools, Set<String> names) {
        for (var tool : tools) {
            names.add(
                    tool.path("name").asText(tool.path("function").path("name").asText()));
            collect(tool.path("tools"), names);
        }
    }

    /// Returns the call with the name and input of the tool that takes the place of `Bash`; other calls are
    /// unchanged.
    DemoReply.Call translated(DemoReply.Call call) {
        if (shell.isEmpty() || !call.name().equals(ShellTool.BASH)) return call;
        return new DemoReply.Call(
                shell.get().tool(),
                shell.get().input(call.input().path("command").asText()));
    }
}
