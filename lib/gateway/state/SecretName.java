package lib.gateway.state;

import java.util.regex.Pattern;
import lib.base.UserError;

/// What a secret is called, where providers refer to it: `ANTHROPIC_API_KEY`.
///
///     SecretName.isOne("ANTHROPIC_API_KEY")   // true
public final class SecretName {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,127}");

    private SecretName() {}

    /// Whether it can be a secret's name.
    public static boolean isOne(String text) {
        return NAME.matcher(text).matches();
    }

    /// The name, or an error.
    ///
    /// @throws UserError for what can't be one; it is not quoted, since it may be the value
    public static String checked(String text) {
        if (isOne(text)) return text;
        throw UserError.usage(
                "the name of a secret must consist of upper-case letters, digits and "
                        + "underscores and start with a letter",
                "use, for example, ANTHROPIC_API_KEY");
    }
}
