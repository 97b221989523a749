package lib.gateway.management.definition;

/// One error in a definition.
///
///     new Violation("anthropicConfig.apiKeyRef", "is not a secret's name such as ANTHROPIC_API_KEY")
///
/// @param field the path to the field, `providerModels[2].name`; empty for the whole definition
/// @param description what is wrong with it, beginning with a verb
public record Violation(String field, String description) {
    @Override
    public String toString() {
        return field.isEmpty() ? description : field + " " + description;
    }

    /// Returns the path of a field below another path.
    static String below(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
