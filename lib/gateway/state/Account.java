package lib.gateway.state;

import java.time.Instant;
import lib.gateway.access.Caller;

/// A user or a client of this gateway's own issuer.
///
/// @param id the id in tokens; another account of the same name has another one
/// @param kind a person or a program
/// @param name an email address or any other name
/// @param role the permissions
/// @param created the time at which it was added
public record Account(String id, Kind kind, String name, Caller.Role role, Instant created) {

    /// How an account signs in.
    public enum Kind {
        /// A person, who approves a device in the browser.
        USER,
        /// A program, which has a client secret.
        CLIENT
    }

    /// Returns the caller that the rest of the gateway works with.
    public Caller caller() {
        return new Caller(name, role);
    }
}
