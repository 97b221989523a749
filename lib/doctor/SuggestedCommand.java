package lib.doctor;

import java.util.regex.Pattern;
import lib.base.UserError;

/// What an error says that one should do, without the words around it.
///
///     SuggestedCommand.of(new UserError("rpk is not signed in", "run rpk cloud login"))   // rpk cloud login
final class SuggestedCommand {
    private static final Pattern COMMAND =
            Pattern.compile("\\brun ((?:[A-Z_]+=\\S+ )?(?:rpkai|rpk|npm|claude) [^;,()]+)");

    private SuggestedCommand() {}

    /// The command in the hint, else the hint.
    static String of(UserError e) {
        var command = COMMAND.matcher(e.hint());
        return command.find() ? command.group(1).strip() : e.hint();
    }
}
