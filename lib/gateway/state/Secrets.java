package lib.gateway.state;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lib.base.Secret;
import lib.base.UserError;

/// What the references of providers stand for: a variable of the gateway's environment that [SecretVariables]
/// allow, else a stored secret.
///
///     secrets.find("ANTHROPIC_API_KEY").orElseThrow(…)
public final class Secrets {
    private final Map<String, String> environment;
    private final SecretVariables variables;
    private final StoredSecrets stored;
    // Opening one takes longer than relaying a request.
    private final Map<String, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(byte[] sealed, Secret secret) {}

    Secrets(Map<String, String> environment, SecretVariables variables, StoredSecrets stored) {
        this.environment = environment;
        this.variables = variables;
        this.stored = stored;
    }

    /// Those that a reference may name.
    public SecretVariables variables() {
        return variables;
    }

    /// What that name stands for, as it was a second ago or later; empty where it stands for nothing.
    ///
    /// @throws UserError where there is one that does not open
    public Optional<Secret> find(String name) {
        var variable =
                variables.allow(name) ? environment.getOrDefault(name, "").strip() : "";
        if (!variable.isEmpty()) return Optional.of(new Secret(variable));
        var sealed = stored.sealed(name);
        if (sealed.isEmpty()) {
            opened.remove(name);
            return Optional.empty();
        }
        var known = opened.get(name);
        if (known != null && Arrays.equals(known.sealed, sealed.get())) return Optional.of(known.secret);
        var secret = stored.opened(name, sealed.get());
        opened.put(name, new Opened(sealed.get(), secret));
        return Optional.of(secret);
    }
}
