package lib.gateway.ui;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import lib.base.Secret;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;

/// Browsers that are signed in. A session lives as long as the token that it came from, and is asked about each
/// time: who is signed out, removed or given another role is so here too.
///
///     sessions.code(token).flatMap(sessions::open).flatMap(sessions::caller)   // whoever has that token
///
/// Codes and sessions are known by their hashes only. A code that comes twice was seen by somebody else: it ends
/// what it began.
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

    /// @param session the hash of the session that it began; empty where it has not been used
    private record Code(Secret token, Instant until, Optional<String> session) {}

    private record Session(Secret token, Instant until) {}

    Sessions(Authenticator callers, InstantSource clock) {
        this.callers = callers;
        this.clock = clock;
    }

    /// A code for whoever has that token; empty where it is not good.
    Optional<String> code(String token) {
        return callers.check(token).map(_ -> {
            var code = Secret.random().reveal();
            synchronized (this) {
                makeRoom(codes);
                codes.put(
                        hash(code), new Code(new Secret(token), clock.instant().plus(CODE_LIFE), Optional.empty()));
            }
            return code;
        });
    }

    /// The id of a new session; empty where the code is unknown, used or too old.
    synchronized Optional<String> open(String code) {
        var known = codes.get(hash(code));
        if (known == null || !clock.instant().isBefore(known.until)) return Optional.empty();
        known.session.ifPresent(sessions::remove);
        if (known.session.isPresent()) return Optional.empty();
        var id = Secret.random().reveal();
        codes.put(hash(code), new Code(known.token, known.until, Optional.of(hash(id))));
        makeRoom(sessions);
        sessions.put(hash(id), new Session(known.token, clock.instant().plus(SESSION_LIFE)));
        return Optional.of(id);
    }

    /// Whose session that is; empty where it has ended.
    Optional<Caller> caller(String id) {
        Session session;
        synchronized (this) {
            session = sessions.get(hash(id));
        }
        if (session == null) return Optional.empty();
        var caller = clock.instant().isBefore(session.until)
                ? callers.check(session.token.reveal())
                : Optional.<Caller>empty();
        if (caller.isEmpty()) close(id);
        return caller;
    }

    synchronized void close(String id) {
        sessions.remove(hash(id));
    }

    /// The oldest go first.
    private static void makeRoom(Map<String, ?> map) {
        for (Iterator<?> oldest = map.values().iterator(); map.size() >= MOST && oldest.hasNext(); oldest.remove())
            oldest.next();
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
