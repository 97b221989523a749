package lib.agents.claude;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import lib.api.Provider;

/// A model's name as the user gives it to Claude Code. Claude Code changes the name before it sends it: it
/// drops `[1m]`, converts to lower case, replaces an alias by a model of that family, and a retired Opus by the
/// latest.
///
///     new ClaudeModelName("Sonnet[1m]").isDenied(provider, ClaudeMode.MANAGED, name -> Optional.empty())
///
/// The model behind an alias changes from version to version, so a name counts as denied only if none of the
/// models that it may stand for is allowed.
///
/// @param text the name as it was typed
public record ClaudeModelName(String text) {
    /// The families whose latest model an alias may stand for. `opusplan` is an Opus in plan mode, and a Sonnet
    /// before that.
    private static final Map<String, List<String>> FAMILIES = Map.of(
            "sonnet",
            List.of("sonnet"),
            "opusplan",
            List.of("sonnet"),
            "opus",
            List.of("opus"),
            "haiku",
            List.of("haiku"),
            "fable",
            List.of("fable"),
            "best",
            List.of("opus", "fable"),
            "default",
            List.of("opus", "sonnet"));

    /// The model that each alias stands for in 2.1.330, through the API and on Bedrock.
    private static final Map<String, List<String>> LATEST = Map.of(
            "default", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opus", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "opusplan", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "sonnet", List.of("claude-sonnet-5-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
            "best", List.of(ClaudeCode.DEFAULT_MODEL, "us.anthropic." + ClaudeCode.DEFAULT_MODEL),
            "haiku", List.of("claude-haiku-5-5", "us.anthropic.claude-haiku-4-5-20251001-v1:0"));

    /// The names that 2.1.330 replaces by the latest Opus.
    private static final Pattern RETIRED = Pattern.compile("claude-opus-4(-[01])?(-\\d{8})?");

    private static final Pattern LONG_CONTEXT = Pattern.compile("\\[1m]$", Pattern.CASE_INSENSITIVE);

    /// The requested name, without surrounding blanks and without `[1m]`; aliases are kept.
    public String plain() {
        return LONG_CONTEXT.matcher(text.strip()).replaceFirst("");
    }

    /// The alias, in lower case; empty for a model's own name.
    public Optional<String> alias() {
        return Optional.of(plain().toLowerCase(Locale.ROOT)).filter(FAMILIES::containsKey);
    }

    /// The user's own model for that alias, from `ANTHROPIC_DEFAULT_SONNET_MODEL` and similar variables.
    ///
    /// @param variable returns the value of a variable of Claude Code's process
    public Optional<String> assigned(Function<String, Optional<String>> variable) {
        return alias().map(alias -> FAMILIES.get(alias).getFirst())
                .flatMap(family ->
                        variable.apply("ANTHROPIC_DEFAULT_%s_MODEL".formatted(family.toUpperCase(Locale.ROOT))))
                .map(model -> new ClaudeModelName(model).plain());
    }

    /// The model that Claude Code requests for this name: the user's own for an alias, else the latest of its
    /// family, else the name itself.
    ///
    /// @param variable returns the value of a variable of Claude Code's process
    public String id(ClaudeMode mode, Function<String, Optional<String>> variable) {
        return assigned(variable)
                .or(() -> alias().map(LATEST::get).map(ids -> ids.get(mode == ClaudeMode.BEDROCK ? 1 : 0)))
                .orElseGet(this::plain);
    }

    /// Returns whether the provider is known not to take this name.
    ///
    /// @param variable returns the value of a variable of Claude Code's process
    boolean isDenied(Provider provider, ClaudeMode mode, Function<String, Optional<String>> variable) {
        var allowed = provider.models();
        if (allowed.isEmpty() || provider.allows(text)) return false;
        // A subscription has its own default model, which depends on its plan.
        if (mode == ClaudeMode.PASSTHROUGH && alias().filter("default"::equals).isPresent()) return false;
        var assigned = assigned(variable);
        if (assigned.isPresent()) return !provider.allows(assigned.get());
        var name = plain().toLowerCase(Locale.ROOT);
        var families = RETIRED.matcher(name).matches()
                ? List.of("opus")
                : alias().map(FAMILIES::get).orElse(List.of());
        if (!families.isEmpty())
            return allowed.stream()
                    .noneMatch(model -> families.stream().anyMatch(model.toLowerCase(Locale.ROOT)::contains));
        // On Bedrock a model's short name gets a prefix that follows the region, and a suffix.
        if (mode == ClaudeMode.BEDROCK && allowed.stream().anyMatch(model -> model.contains(name))) return false;
        return !provider.allows(plain()) && !provider.allows(name);
    }
}
