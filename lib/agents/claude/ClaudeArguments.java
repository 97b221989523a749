package lib.agents.claude;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.base.Json;
import lib.base.UserError;

/// The user's own arguments for Claude Code, without the two that a launch must handle: a second `--settings`
/// would replace the overlay, so it is merged into the overlay, and `--model` is checked.
///
///     ClaudeArguments.parse(List.of("--settings", "{}", "-p", "hi"), cwd).rest()   // [-p, hi]
///
/// @param rest the arguments without `--settings`, in their order
/// @param settings the value of `--settings`; an empty object without it
/// @param model the value of `--model`, which stays in `rest`
record ClaudeArguments(List<String> rest, ObjectNode settings, Optional<String> model) {

    /// Flags and commands whose sessions run on another machine, with another login.
    private static final Set<String> ELSEWHERE =
            Set.of("--cloud", "--desktop", "--environment", "--remote", "--remote-control", "--sdk-url", "--teleport");

    /// @throws UserError when `--settings` is neither a file nor JSON, or a flag would leave the gateway
    static ClaudeArguments parse(List<String> args, Path cwd) {
        var rest = new ArrayList<String>();
        var settings = Optional.<String>empty();
        var model = Optional.<String>empty();
        for (int i = 0; i < args.size(); i++) {
            var arg = args.get(i);
            if (arg.equals("--")) {
                rest.addAll(args.subList(i, args.size()));
                break;
            }
            var flag = arg.replaceFirst("=.*", "");
            if (ELSEWHERE.contains(flag))
                throw UserError.usage(
                        flag + " starts a session that bypasses the gateway", "omit it, or run claude without rpkai");
            var next = i + 1 < args.size() ? Optional.of(args.get(i + 1)) : Optional.<String>empty();
            if (arg.equals("--settings")) {
                settings = Optional.of(
                        next.orElseThrow(() -> UserError.usage("--settings needs a value", "pass a file or JSON")));
                i++;
            } else if (arg.startsWith("--settings=")) {
                settings = Optional.of(arg.substring("--settings=".length()));
            } else {
                if (arg.equals("--model")) model = next;
                if (arg.startsWith("--model=")) model = Optional.of(arg.substring("--model=".length()));
                rest.add(arg);
            }
        }
        return new ClaudeArguments(
                List.copyOf(rest),
                settings.map(text -> read(text, cwd)).orElseGet(JsonNodeFactory.instance::objectNode),
                model);
    }

    private static ObjectNode read(String value, Path cwd) {
        try {
            var text = value.strip().startsWith("{") ? value : Files.readString(cwd.resolve(value));
            if (Json.readWhole(text) instanceof ObjectNode object) return object;
        } catch (JsonProcessingException e) {
            // The message below does not quote the settings, which may hold secrets.
        } catch (IOException | InvalidPathException e) {
            throw UserError.usage(
                    "--settings names a file that is not readable: " + shortened(value), "check the path");
        }
        throw UserError.usage("--settings is not a JSON object", "correct it or omit it");
    }

    private static String shortened(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + " ...";
    }
}
