package lib.cli.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import java.util.List;
import lib.api.resource.GatewaySecrets;
import lib.api.resource.ListQuery;
import lib.api.resource.Listing;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.state.GatewayState;
import lib.gateway.state.SecretUse;
import lib.gateway.state.StoredSecrets.Entry;

/// A place for secrets: a gateway that is reached over the network, or the state of the gateway on this
/// machine. No place returns a value.
///
///     try (var place = where.open(context)) { place.create("ANTHROPIC_API_KEY", value); }
interface SecretPlace extends AutoCloseable {
    Listing list(ListQuery query);

    ObjectNode get(String name);

    /// @throws UserError when a secret with that name exists
    ObjectNode create(String name, Secret value);

    /// @throws UserError when no secret has that name
    ObjectNode update(String name, Secret value);

    /// @return the resources that still refer to it
    /// @throws UserError when no secret has that name
    List<String> delete(String name);

    @Override
    void close();

    /// The secrets of the configured gateway.
    record Remote(GatewaySecrets secrets) implements SecretPlace {
        @Override
        public Listing list(ListQuery query) {
            return secrets.list(query);
        }

        @Override
        public ObjectNode get(String name) {
            return secrets.get(name);
        }

        @Override
        public ObjectNode create(String name, Secret value) {
            return secrets.create(name, value);
        }

        @Override
        public ObjectNode update(String name, Secret value) {
            return secrets.update(name, value);
        }

        @Override
        public List<String> delete(String name) {
            return secrets.delete(name);
        }

        @Override
        public void close() {}
    }

    /// The secrets in the state of the gateway on this machine.
    record Local(GatewayState state) implements SecretPlace {
        @Override
        public Listing list(ListQuery query) {
            return Listing.here(
                    state.storedSecrets().list().stream()
                            .<JsonNode>map(Local::shown)
                            .toList(),
                    query,
                    GatewaySecrets.FIELDS);
        }

        @Override
        public ObjectNode get(String name) {
            return state.storedSecrets().list().stream()
                    .filter(entry -> entry.name().equals(name))
                    .findFirst()
                    .map(Local::shown)
                    .orElseThrow(() -> missing(name));
        }

        @Override
        public ObjectNode create(String name, Secret value) {
            if (state.storedSecrets().list().stream()
                    .anyMatch(entry -> entry.name().equals(name)))
                throw new UserError("secret %s already exists".formatted(name), "run rpkai secret update " + name);
            state.storedSecrets().set(name, value);
            return get(name);
        }

        @Override
        public ObjectNode update(String name, Secret value) {
            get(name);
            state.storedSecrets().set(name, value);
            return get(name);
        }

        @Override
        public List<String> delete(String name) {
            if (!state.storedSecrets().delete(name)) throw missing(name);
            return SecretUse.of(name, state);
        }

        @Override
        public void close() {
            state.close();
        }

        private static UserError missing(String name) {
            return new UserError("there is no secret %s".formatted(name), "run rpkai secret list");
        }

        private static ObjectNode shown(Entry entry) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("name", entry.name())
                    .put(
                            "updatedAt",
                            entry.updated().truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }
}
