package tests.support.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import tests.support.Signal;

/// Device codes between the device's request and its last poll. Nothing is approved until the test says so.
///
///     idp.devices().interval(0).slowDown(true);
///     var login = start("auth", "login", "--no-browser");
///     idp.devices().await(Duration.ofSeconds(10));
///     idp.devices().approve();
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-3.5">RFC 8628, section 3.5</a>
public final class DeviceCodes {

    private static final int SLOWER = 5;

    /// A device's request and the codes it received.
    record Requested(
            String deviceCode, String userCode, String client, String audience, String scope, boolean offline) {}

    private enum Decision {
        NONE,
        APPROVED,
        DENIED
    }

    private static final class Code {
        final Requested requested;
        Instant expires;
        Instant lastPoll = Instant.MIN;
        int interval;
        int polls;
        Decision decision = Decision.NONE;

        Code(Requested requested, Instant expires, int interval) {
            this.requested = requested;
            this.expires = expires;
            this.interval = interval;
        }
    }

    private final Map<String, Code> codes = new LinkedHashMap<>();
    private final InstantSource clock;
    private final Signal signal = new Signal();

    private volatile Duration lifetime = Duration.ofMinutes(10);
    private volatile int interval = 1;
    private volatile boolean slowDown;
    private volatile OptionalInt approveAfter = OptionalInt.empty();

    DeviceCodes(InstantSource clock) {
        this.clock = clock;
    }

    /// Seconds between polls, 0 and up; 1 by default.
    public DeviceCodes interval(int seconds) {
        interval = seconds;
        return this;
    }

    /// Sets the lifetime of codes; 10 minutes by default.
    public DeviceCodes lifetime(Duration other) {
        lifetime = other;
        return this;
    }

    /// Whether polls that come too early by the clock are answered `slow_down`, which adds 5 seconds; off by
    /// default.
    public DeviceCodes slowDown(boolean enabled) {
        slowDown = enabled;
        return this;
    }

    /// Every code approves itself after that many pending polls; 0: at the first.
    public DeviceCodes approveAfter(int polls) {
        approveAfter = OptionalInt.of(polls);
        return this;
    }

    /// The user approves every device that has asked so far.
    public synchronized void approve() {
        codes.values().forEach(code -> code.decision = Decision.APPROVED);
    }

    /// The user refuses every device that has asked so far.
    public synchronized void deny() {
        codes.values().forEach(code -> code.decision = Decision.DENIED);
    }

    /// Every code so far has expired.
    public synchronized void expire() {
        codes.values().forEach(code -> code.expires = Instant.MIN);
    }

    /// Waits until a device has asked for a code; gives the oldest user code that is still waiting.
    public String await(Duration limit) {
        signal.await(() -> !isIdle(), limit, () -> "no device asked for a code");
        synchronized (this) {
            return codes.values().iterator().next().requested.userCode();
        }
    }

    long lifetimeSeconds() {
        return lifetime.toSeconds();
    }

    int interval() {
        return interval;
    }

    Requested begin(String client, String audience, String scope, boolean offline) {
        var random = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
        var requested = new Requested(
                "device-" + UUID.randomUUID(),
                random.substring(0, 4) + "-" + random.substring(4, 8),
                client,
                audience,
                scope,
                offline);
        synchronized (this) {
            codes.put(
                    requested.deviceCode(), new Code(requested, clock.instant().plus(lifetime), interval));
        }
        signal.changed();
        return requested;
    }

    /// Returns the request once it is approved, which uses up the code; otherwise throws an error with the
    /// reason.
    synchronized Requested poll(String deviceCode, String client) {
        var code = codes.get(deviceCode);
        if (code == null || !code.requested.client().equals(client)) {
            throw FakeOAuthError.invalidGrant("unknown or used device code");
        }
        var now = clock.instant();
        if (!now.isBefore(code.expires)) {
            throw new FakeOAuthError(400, "expired_token", "the device code has expired");
        }
        var early = !code.lastPoll.equals(Instant.MIN) && now.isBefore(code.lastPoll.plusSeconds(code.interval));
        code.lastPoll = now;
        if (slowDown && early) {
            code.interval += SLOWER;
            throw new FakeOAuthError(400, "slow_down", "wait " + code.interval + " seconds between polls");
        }
        if (code.decision == Decision.NONE && approveAfter.isPresent() && code.polls++ >= approveAfter.getAsInt()) {
            code.decision = Decision.APPROVED;
        }
        return switch (code.decision) {
            case NONE -> throw new FakeOAuthError(400, "authorization_pending", "nobody has approved yet");
            case DENIED -> throw new FakeOAuthError(400, "access_denied", "the user said no");
            case APPROVED -> codes.remove(deviceCode).requested;
        };
    }

    private synchronized boolean isIdle() {
        return codes.isEmpty();
    }
}
