package lib.gateway.state;

import java.time.Instant;
import lib.gateway.access.Caller;

/// Someone whom this gateway's own issuer knows.
///
/// @param id what tokens call them; never given to another, even where the name is
/// @param kind a person or a program
/// @param name an email, where it is one, or any other name
/// @param role what they may do
/// @param created when they were added
public record Account(String id, Kind kind, String name, Caller.Role role, Instant created) {

    /// Who signs in how.
    public enum Kind {
        /// A person, who approves a device in the browser.
        USER,
        /// A program, which has a client secret.
        CLIENT
    }

    /// As the rest of the gateway knows them.
    public Caller caller() {
        return new Caller(name, role);
    }
}
