package lib.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.UserError;
import lib.providers.Kind;
import lib.providers.Nearest;
import lib.providers.Resource;

/// What flags, and a manifest below them, describe; and which of its fields they name.
///
///     new Draft(resource, List.of()).with("displayName", text).mask()   // [displayName]
///
/// @param resource what to send
/// @param mask the paths that change
public record Draft(Resource resource, List<String> mask) {
    /// With that value at that path.
    public Draft with(String path, JsonNode value) {
        return new Draft(resource.with(path, Optional.of(value)), with(mask, path));
    }

    /// Takes what `--clear` names away.
    public Draft clearing(List<String> paths) {
        var draft = this;
        for (var path : paths) draft = new Draft(draft.resource.with(path, Optional.empty()), with(draft.mask, path));
        return draft;
    }

    /// With the mask that somebody gave instead of the one that follows from the flags.
    ///
    /// @throws UserError when a flag says what the mask leaves out
    Draft masked(List<String> given) {
        for (var path : mask) {
            if (given.stream().noneMatch(each -> path.equals(each) || path.startsWith(each + ".") || each.startsWith(path + "."))) {
                throw UserError.usage("%s is given, but not in --update-mask".formatted(path), "add it to --update-mask, or leave it out");
            }
        }
        return new Draft(resource, given);
    }

    /// A path that somebody typed.
    ///
    /// @param flag where
    static String path(Kind kind, String typed, String flag) {
        var path = Kind.camel(typed.strip());
        if (kind.settable().contains(path)) return path;
        throw UserError.usage("%s: \"%s\" is no field that can change".formatted(flag, typed), Nearest.hint(path, kind.settable(), "use a path such as %s".formatted(kind.equals(Kind.LLM) ? "displayName or anthropicConfig.baseUrl" : "description or remote.url")));
    }

    private static List<String> with(List<String> mask, String path) {
        if (mask.contains(path)) return mask;
        var more = new ArrayList<>(mask);
        more.add(path);
        return List.copyOf(more);
    }
}
