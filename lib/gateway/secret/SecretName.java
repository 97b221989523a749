package lib.gateway.secret;

import java.util.regex.Pattern;
import lib.base.UserError;

/// The name of a secret, by which providers refer to it: `ANTHROPIC_API_KEY`.
///
///     SecretName.isOne("ANTHROPIC_API_KEY")   // true
///     SecretName.isReserved("PGPASSWORD")     // true
public final class SecretName {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,127}");

    /// The variables of rpkai, of rpk and of PostgreSQL, which open the gateway and its databases, and those that
    /// hold a sealing key. Windows ignores the case of variables.
    private static final Pattern RESERVED =
            Pattern.compile("(PG|RPAI_|RPKAI_|RPK_).*|.*SEALING_?KEY.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private SecretName() {}

    /// Returns whether the text can be the name of a secret.
    public static boolean isOne(String text) {
        return NAME.matcher(text).matches();
    }

    /// Returns whether no reference may use the name, for a variable or for a stored secret.
    public static boolean isReserved(String name) {
        return RESERVED.matcher(name).matches();
    }

    /// Returns the name.
    ///
    /// @throws UserError if it is not a name; the text is not quoted, since it may be the value
    public static String checked(String text) {
        if (isOne(text)) return text;
        throw UserError.usage(
                "the name of a secret must consist of upper-case letters, digits and "
                        + "underscores and start with a letter",
                "use, for example, ANTHROPIC_API_KEY");
    }

    /// Returns the name of a secret that is to be stored.
    ///
    /// @throws UserError if it is not a name, or reserved
    public static String storable(String text) {
        if (isReserved(checked(text)))
            throw UserError.usage(
                    "the name %s is reserved for rpkai's own settings, and no provider may refer to it".formatted(text),
                    "store the value under another name");
        return text;
    }
}
