package lib.gateway.ui;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import lib.base.Secret;
import lib.base.Sha256;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;

/// The sessions of signed-in browsers. A session ends with the token that it was opened with. The token is
/// checked on each request, so that a caller who was signed out, removed or given another role is so here too.
///
///     sessions.code(token).flatMap(sessions::open).flatMap(sessions::caller)   // whoever has that token
///
/// Codes and sessions are stored only as hashes. If a code is used twice, somebody else has seen it, so the
/// session that it opened ends.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</a>
final class Sessions {
    static final Duration CODE_LIFE = Duration.ofMinutes(1);
    private static final Duration SESSION_LIFE = Duration.ofHours(12);
    private static final int MOST = 10_000;

    private final Authenticator callers;
    private final InstantSource clock;
    private final Map<String, Code> codes = new LinkedHashMap<>();
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /// @param session the hash of the session that the code opened; empty if it has not been used
    private record Code(Secret token, Instant until, Optional<String> session) {}

    private record Session(Secret token, Instant until) {}

    Sessions(Authenticator callers, InstantSource clock) {
        this.callers = callers;
        this.clock = clock;
    }

    /// Returns a code for the owner of a token; empty if the token is invalid.
    Optional<String> code(String token) {
        return callers.check(token).map(_ -> {
            var code = Secret.random().reveal();
            synchronized (this) {
                makeRoom(codes);
                codes.put(
                        Sha256.hex(code),
                        new Code(new Secret(token), clock.instant().plus(CODE_LIFE), Optional.empty()));
            }
            return code;
        });
    }

    /// Opens a session and returns its id; empty if the code is unknown, used or expired.
    synchronized Optional<String> open(String code) {
        var known = codes.get(Sha256.hex(code));
        if (known == null || !clock.instant().isBefore(known.until)) return Optional.empty();
        known.session.ifPresent(sessions::remove);
        if (known.session.isPresent()) return Optional.empty();
        var id = Secret.random().reveal();
        codes.put(Sha256.hex(code), new Code(known.token, known.until, Optional.of(Sha256.hex(id))));
        makeRoom(sessions);
        sessions.put(Sha256.hex(id), new Session(known.token, clock.instant().plus(SESSION_LIFE)));
        return Optional.of(id);
    }

    /// Returns the caller of a session; empty if it has ended.
    Optional<Caller> caller(String id) {
        Session session;
        synchronized (this) {
            session = sessions.get(Sha256.hex(id));
        }
        if (session == null) return Optional.empty();
        var caller = clock.instant().isBefore(session.until)
                ? callers.check(session.token.reveal())
                : Optional.<Caller>empty();
        if (caller.isEmpty()) close(id);
        return caller;
    }

    synchronized void close(String id) {
        sessions.remove(Sha256.hex(id));
    }

    /// Removes the oldest entries.
    private static void makeRoom(Map<String, ?> map) {
        for (Iterator<?> oldest = map.values().iterator(); map.size() >= MOST && oldest.hasNext(); oldest.remove())
            oldest.next();
    }
}
