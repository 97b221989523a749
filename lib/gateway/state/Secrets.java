package lib.gateway.state;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.secret.SecretName;
import lib.gateway.secret.SecretVariables;

/// The secrets that providers' references name: a variable of the gateway's environment that [SecretVariables]
/// allow, or else a stored secret.
///
///     secrets.find("ANTHROPIC_API_KEY").orElseThrow(…)
public final class Secrets {
    private final Map<String, String> environment;
    private final SecretVariables variables;
    private final StoredSecrets stored;
    // Decrypting a secret takes longer than relaying a request.
    private final Map<String, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(byte[] sealed, Secret secret) {}

    Secrets(Map<String, String> environment, SecretVariables variables, StoredSecrets stored) {
        this.environment = environment;
        this.variables = variables;
        this.stored = stored;
    }

    /// Returns the variables that a reference may name.
    public SecretVariables variables() {
        return variables;
    }

    /// Returns the secret of that name, as it was a second ago or later; empty if there is none.
    ///
    /// @throws UserError if the name is reserved, or the stored secret cannot be decrypted
    public Optional<Secret> find(String name) {
        if (SecretName.isReserved(name))
            throw new UserError(
                    "no provider may read %s, a name that is reserved for rpkai's own settings".formatted(name),
                    "store the value with rpkai secret set under another name, and refer to that");
        var variable =
                variables.allow(name) ? environment.getOrDefault(name, "").strip() : "";
        if (!variable.isEmpty()) return Optional.of(fromEnvironment(name, variable));
        return stored.inSnapshot(snapshot -> find(name, snapshot));
    }

    private Secret fromEnvironment(String name, String value) {
        if (stored.isKey(value))
            throw new UserError(
                    "the variable %s holds the key of the gateway's secrets, which no provider may read"
                            .formatted(name),
                    "omit --secret-env " + name);
        return new Secret(value);
    }

    private Optional<Secret> find(String name, StateSnapshot snapshot) {
        var sealed = snapshot.secrets().get(name);
        if (sealed == null) {
            opened.remove(name);
            return Optional.empty();
        }
        var known = opened.get(name);
        if (known != null && Arrays.equals(known.sealed, sealed)) return Optional.of(known.secret);
        var secret = stored.open(name, sealed, snapshot.facts());
        opened.put(name, new Opened(sealed, secret));
        return Optional.of(secret);
    }
}
