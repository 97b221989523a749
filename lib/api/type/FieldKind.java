package lib.api.type;

/// The type of a field of a resource.
public enum FieldKind {
    /// A string.
    TEXT,
    /// The name of a secret that the gateway keeps, `^[A-Z][A-Z0-9_]*$`; never the secret.
    REFERENCE,
    /// `true` or `false`.
    FLAG,
    /// A list of strings.
    TEXTS,
    /// A map of strings to strings.
    MAP,
    /// `providerModels`: objects with a name.
    MODELS,
    /// A message with fields of its own.
    MESSAGE,
    /// A value that the gateway sets and users cannot set.
    OUTPUT
}
