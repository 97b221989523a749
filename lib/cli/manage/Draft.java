package lib.cli.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import lib.api.DidYouMean;
import lib.api.Resource;
import lib.api.ResourceDiff;
import lib.api.ResourceDiff.Omitted;
import lib.api.ResourceKind;
import lib.base.UserError;

/// A resource made from flags and a manifest below them, with a mask of the fields that they set.
///
///     new Draft(resource, List.of()).with("displayName", text).mask()   // [displayName]
///
/// @param resource the resource to send
/// @param mask the paths that change
public record Draft(Resource resource, List<String> mask) {
    /// The draft of a new resource with that name, from a manifest if there is one.
    public static Draft of(ResourceKind kind, String name, Optional<Resource> manifest) {
        var base = manifest.map(Resource::settable)
                .orElseGet(() -> Resource.of(kind, JsonNodeFactory.instance.objectNode()));
        return new Draft(base.with("name", Optional.of(JsonNodeFactory.instance.textNode(name))), List.of());
    }

    /// The draft of changes to an existing resource, from a manifest if there is one.
    ///
    /// @param live reads the resource if needed
    public static Draft changing(ResourceKind kind, String name, Optional<Resource> manifest, Supplier<Resource> live) {
        var changes = manifest.map(wanted -> ResourceDiff.between(live.get(), wanted, Omitted.KEPT));
        var base = changes.map(ResourceDiff::payload)
                .orElseGet(() ->
                        Resource.of(kind, JsonNodeFactory.instance.objectNode().put("name", name)));
        return new Draft(base, changes.map(ResourceDiff::mask).orElse(List.of()));
    }

    /// Completes a new resource, with its name and type first.
    ///
    /// @param enable whether to enable it if the flags don't say; a field that a manifest leaves out is false
    public Draft made(String type, boolean enable) {
        var whole = resource.with("type", Optional.empty());
        if (enable && !mask.contains("enabled"))
            whole = whole.with("enabled", Optional.of(JsonNodeFactory.instance.booleanNode(true)));
        var inOrder = JsonNodeFactory.instance
                .objectNode()
                .put("name", resource.name())
                .put("type", type);
        inOrder.setAll(whole.json());
        return new Draft(Resource.of(resource.kind(), inOrder), mask);
    }

    /// Returns a copy with that value at that path; null removes the field.
    public Draft with(String path, JsonNode value) {
        return new Draft(resource.with(path, Optional.of(value).filter(there -> !there.isNull())), with(mask, path));
    }

    /// Returns a copy without the fields that `--clear` names.
    public Draft clearing(List<String> paths) {
        var draft = this;
        for (var path : paths) draft = new Draft(draft.resource.with(path, Optional.empty()), with(draft.mask, path));
        return draft;
    }

    /// Returns a copy with the user's own mask instead of the one that follows from the flags.
    ///
    /// @throws UserError when a flag sets a field that the mask leaves out
    Draft masked(List<String> given) {
        for (var path : mask) {
            if (given.stream()
                    .noneMatch(
                            each -> path.equals(each) || path.startsWith(each + ".") || each.startsWith(path + "."))) {
                throw UserError.usage(
                        "%s is given, but --update-mask does not contain it".formatted(path),
                        "add it to --update-mask or omit it");
            }
        }
        return new Draft(resource, given);
    }

    /// Checks a path that the user typed.
    ///
    /// @param flag the flag with the path
    static String path(ResourceKind kind, String typed, String flag) {
        var path = ResourceKind.camel(typed.strip());
        if (kind.settable().contains(path)) return path;
        throw UserError.usage(
                "%s: \"%s\" is not a field that can be changed".formatted(flag, typed),
                DidYouMean.hint(
                        path,
                        kind.settable(),
                        "use a path such as %s"
                                .formatted(
                                        kind.equals(ResourceKind.LLM)
                                                ? "displayName or anthropicConfig.baseUrl"
                                                : "description or remote.url")));
    }

    private static List<String> with(List<String> mask, String path) {
        if (mask.contains(path)) return mask;
        var more = new ArrayList<>(mask);
        more.add(path);
        return List.copyOf(more);
    }
}
