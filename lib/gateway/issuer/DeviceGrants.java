package lib.gateway.issuer;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lib.base.Secret;
import lib.gateway.state.Account;

/// Devices that wait for somebody to approve them. They are in memory only: what a restart takes is a few minutes
/// old.
///
///     var grant = grants.start("rpkai", "203.0.113.9");
///     grants.decide(grant.userCode(), Optional.of(ada));
///     grants.poll(grant.deviceCode().reveal(), "rpkai");   // ada, once
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8628">RFC 8628</a>
final class DeviceGrants {
    static final Duration LIFE = Duration.ofMinutes(10);
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /// No vowels, so that no words appear, and nothing that looks like something else.
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
    /// Anybody may start one. Of a sender's, and of all, the oldest go when there are too many, those of the
    /// busiest sender first.
    private static final int MOST = 10_000;
    private static final int MOST_OF_ONE = 1_000;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Waiting> byDeviceCode = new LinkedHashMap<>();

    /// One that was started.
    record Grant(Secret deviceCode, String userCode) {}

    private static final class Waiting {
        final String userCode;
        final String client;
        final String sender;
        final Instant end;
        Duration interval = INTERVAL;
        Instant polled = Instant.MIN;
        Optional<Account> approvedBy = Optional.empty();
        boolean denied;

        Waiting(String userCode, String client, String sender, Instant end) {
            this.userCode = userCode;
            this.client = client;
            this.sender = sender;
            this.end = end;
        }

        boolean isOpen() {
            return !denied && approvedBy.isEmpty();
        }
    }

    DeviceGrants(InstantSource clock) {
        this.clock = clock;
    }

    /// @param client as which it asks
    /// @param sender from where, see [lib.gateway.exchange.PublicEndpoint#sender]
    synchronized Grant start(String client, String sender) {
        var now = clock.instant();
        byDeviceCode.values().removeIf(each -> !now.isBefore(each.end));
        makeRoom(sender);
        var grant = new Grant(Secret.random(), userCode());
        byDeviceCode.put(grant.deviceCode.reveal(), new Waiting(grant.userCode, client, sender, now.plus(LIFE)));
        return grant;
    }

    private void makeRoom(String sender) {
        if (byDeviceCode.size() < MOST_OF_ONE) return;
        var counts = new HashMap<String, Integer>();
        for (var each : byDeviceCode.values()) counts.merge(each.sender, 1, Integer::sum);
        if (counts.getOrDefault(sender, 0) >= MOST_OF_ONE) removeOldest(sender);
        else if (byDeviceCode.size() >= MOST)
            removeOldest(Collections.max(counts.entrySet(), Map.Entry.comparingByValue())
                    .getKey());
    }

    private void removeOldest(String sender) {
        for (var oldest = byDeviceCode.values().iterator(); oldest.hasNext(); ) {
            if (!oldest.next().sender.equals(sender)) continue;
            oldest.remove();
            return;
        }
    }

    /// Whether a device waits with that code, however it is typed.
    synchronized boolean isWaiting(String userCode) {
        return find(userCode).isPresent();
    }

    /// What somebody says of the device with that code: theirs, or, where that is empty, nobody's.
    ///
    /// @return whether one was waiting
    synchronized boolean decide(String userCode, Optional<Account> approvedBy) {
        var waiting = find(userCode);
        waiting.ifPresent(each -> {
            each.approvedBy = approvedBy;
            each.denied = approvedBy.isEmpty();
        });
        return waiting.isPresent();
    }

    /// Who has approved that device; it is over then.
    ///
    /// @throws OAuthError while nobody has, and where nobody will any more
    synchronized Account poll(String deviceCode, String client) {
        var now = clock.instant();
        var waiting = byDeviceCode.get(deviceCode);
        if (waiting == null || !now.isBefore(waiting.end))
            throw new OAuthError("expired_token", "the code has expired");
        if (!waiting.client.equals(client)) throw new OAuthError("invalid_grant", "the code belongs to another client");
        if (waiting.denied) throw new OAuthError("access_denied", "the sign-in was denied");
        if (waiting.approvedBy.isPresent()) {
            byDeviceCode.remove(deviceCode);
            return waiting.approvedBy.get();
        }
        var tooSoon = !waiting.polled.equals(Instant.MIN)
                && now.isBefore(waiting.polled.plus(waiting.interval).minusMillis(500));
        waiting.polled = now;
        if (!tooSoon) throw new OAuthError("authorization_pending", "the device has not been approved yet");
        waiting.interval = waiting.interval.plusSeconds(5);
        throw new OAuthError("slow_down", "poll less often");
    }

    private Optional<Waiting> find(String userCode) {
        var typed = userCode.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
        var now = clock.instant();
        return byDeviceCode.values().stream()
                .filter(each -> each.isOpen()
                        && now.isBefore(each.end)
                        && each.userCode.replace("-", "").equals(typed))
                .findFirst();
    }

    private String userCode() {
        var code = new StringBuilder();
        for (int i = 0; i < 8; i++)
            code.append(i == 4 ? "-" : "").append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        return code.toString();
    }
}
