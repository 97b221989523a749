package lib.gateway.state;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lib.Secret;
import lib.UserError;

/// What the references of providers stand for: a variable of the gateway's environment, else a stored secret.
///
///     secrets.find("ANTHROPIC_API_KEY").orElseThrow(…)
///
/// The variables of rpkai's own, `RPAI_…`, are none of them: whoever may make providers could have them sent anywhere.
public final class Secrets {
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final Map<String, String> environment;
    private final StoredSecrets stored;
    // Opening one takes longer than relaying a request.
    private final Map<String, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(Secret secret, long at) {}

    Secrets(Map<String, String> environment, StoredSecrets stored) {
        this.environment = environment;
        this.stored = stored;
    }

    /// What that name stands for, as it was a second ago or later; empty where it stands for nothing.
    ///
    /// @throws UserError where there is one that does not open
    public Optional<Secret> find(String name) {
        var variable = environment.getOrDefault(name, "").strip();
        if (!variable.isEmpty() && !name.startsWith("RPAI_")) return Optional.of(new Secret(variable));
        var known = opened.get(name);
        if (known != null && System.nanoTime() - known.at < FRESH) return Optional.of(known.secret);
        var found = stored.find(name);
        found.ifPresentOrElse(secret -> opened.put(name, new Opened(secret, System.nanoTime())), () -> opened.remove(name));
        return found;
    }
}
