package lib.gateway.state;

import java.time.Duration;
import lib.base.UserError;
import lib.database.Database;

/// Signals that a state in PostgreSQL cannot be used because its database does not answer, or has not answered
/// for longer than requests may be served without it. It passes when the database answers again.
///
///     catch (StateUnavailable away) { refuse(503, away.forCallers()); }
public final class StateUnavailable extends UserError {
    /// How long clients should wait before they try again: a gateway looks for its database twice a second.
    public static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    StateUnavailable(Database database, String reason, Exception cause) {
        super(
                "cannot use %s (%s)".formatted(database.title(), reason),
                "check that it is there and that PGPASSWORD or ~/.pgpass has its password",
                cause);
    }

    /// Returns what callers of the gateway may know: neither where the database is nor what it said.
    public String forCallers() {
        return "the gateway's database does not answer at the moment: try again in a minute; if it lasts, tell the "
                + "gateway's administrator";
    }
}
