package lib.base;

/// What kind of failure a [UserError] is, for the code that has to tell it from others. There is a code only for
/// what some code does test; messages are for people and may be reworded at any time.
///
///     error.is(ErrorCode.NOT_FOUND)
public enum ErrorCode {
    /// The gateway has no resource of that name.
    NOT_FOUND,
    /// This machine's clock is wrong: a token that was issued just now seems to have expired.
    WRONG_CLOCK,
    /// The identity provider refused the service account's id and secret.
    SERVICE_ACCOUNT_REFUSED,
    /// The agent has no default model, and the launch names none.
    MODEL_REQUIRED
}
