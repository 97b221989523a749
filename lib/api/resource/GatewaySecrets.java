package lib.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import lib.api.ConnectClient;
import lib.api.ConnectClient.Reply;
import lib.base.Secret;
import lib.base.UserError;
import lib.http.Http.Retry;

/// Calls a gateway's `SecretService`, for administrators. Names and times can be read; values can only be
/// written.
///
///     new GatewaySecrets(connect).create("ANTHROPIC_API_KEY", value)
public final class GatewaySecrets {
    /// The fields that a filter and an order may name.
    public static final ListFields FIELDS = ListFields.of("secret", "name", "createdAt", "updatedAt");
    private static final String SERVICE = "SecretService/";

    private final ConnectClient connect;

    public GatewaySecrets(ConnectClient connect) {
        this.connect = connect;
    }

    /// Reads the secrets that the query selects.
    public Listing list(ListQuery query) {
        // This call shows whether the gateway has the service at all.
        var probe = connect.callNewer(
                SERVICE + "ListSecrets", JsonNodeFactory.instance.objectNode().put("pageSize", 1), Retry.SAFE);
        if (probe instanceof Reply.Failure failure) throw error(failure, "");
        return Listing.read(
                connect, SERVICE + "ListSecrets", JsonNodeFactory.instance.objectNode(), "secrets", query, FIELDS);
    }

    /// Reads a secret, without its value.
    public ObjectNode get(String name) {
        return secret(connect.callNewer(SERVICE + "GetSecret", named(name), Retry.SAFE), name, Optional.empty());
    }

    /// Creates a secret.
    ///
    /// @throws UserError if there is a secret of that name
    public ObjectNode create(String name, Secret value) {
        return secret(
                connect.callNewer(SERVICE + "CreateSecret", valued(name, value), Retry.UNBEGUN),
                name,
                Optional.of(value));
    }

    /// Changes the value of a secret.
    public ObjectNode update(String name, Secret value) {
        return secret(
                connect.callNewer(SERVICE + "UpdateSecret", valued(name, value).put("updateMask", "value"), Retry.SAFE),
                name,
                Optional.of(value));
    }

    /// Deletes a secret.
    ///
    /// @return the resources that still refer to it, if the gateway reports them
    public List<String> delete(String name) {
        return switch (connect.callNewer(SERVICE + "DeleteSecret", named(name), Retry.UNBEGUN)) {
            case Reply.Message(var json) ->
                json.path("usedBy").valueStream().map(JsonNode::asText).toList();
            case Reply.Failure failure -> throw error(failure, name);
        };
    }

    private ObjectNode secret(Reply reply, String name, Optional<Secret> value) {
        return switch (reply) {
            case Reply.Message(var json) when json.path("secret") instanceof ObjectNode secret -> shown(secret);
            case Reply.Message _ -> throw connect.notAGateway("an answer without a secret");
            // The gateway's message may repeat the value, which users must not see.
            case Reply.Failure(var code, var why) ->
                throw error(
                        new Reply.Failure(
                                code,
                                value.map(secret -> why.replace(secret.reveal(), Secret.REDACTED))
                                        .orElse(why)),
                        name);
        };
    }

    private UserError error(Reply.Failure failure, String name) {
        return switch (failure.code()) {
            case "unimplemented" ->
                new UserError(
                        "the AI Gateway at %s does not support managing secrets remotely (%s)"
                                .formatted(connect.gateway(), failure.message()),
                        "run rpkai secret set on the gateway's machine, or pass --local for this " + "machine");
            case "not_found" ->
                new UserError(
                        "there is no secret %s at %s".formatted(name, connect.gateway()), "run rpkai secret list");
            case "already_exists" ->
                new UserError("secret %s already exists".formatted(name), "run rpkai secret update " + name);
            default -> connect.error(failure);
        };
    }

    /// Removes the value, in case a gateway returns it.
    private static ObjectNode shown(ObjectNode secret) {
        return secret.deepCopy().without("value");
    }

    private static ObjectNode named(String name) {
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }

    private static ObjectNode valued(String name, Secret value) {
        var request = JsonNodeFactory.instance.objectNode();
        request.putObject("secret").put("name", name).put("value", value.reveal());
        return request;
    }
}
