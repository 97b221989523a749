package lib.auth;

import lib.base.Remedy;
import lib.base.UserError;

/// The error when nothing can be refreshed and the user must sign in again.
///
///     throw new SignedOut("the sign-in to org_123 has ended");
public final class SignedOut extends UserError {
    private final String why;

    /// @param why the cause, in a few words
    public SignedOut(String why) {
        super("no usable gateway token", Remedy.run("rpkai auth login").withRest(" (" + why + ")"));
        this.why = why;
    }

    /// The cause, without the remedy.
    public String why() {
        return why;
    }
}
