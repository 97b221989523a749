package lib.api.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import lib.api.ConnectClient;
import lib.api.ConnectClient.Reply;
import lib.api.DidYouMean;
import lib.api.ProviderType;
import lib.base.UserError;
import lib.http.Http.Retry;

/// Reads the catalogue of models from a gateway's `ModelService`.
///
///     new Models(connect).list(Optional.of(ProviderType.BEDROCK), Optional.of("eu-west-1"))
public final class Models {
    /// The fields that a filter and an order may name.
    public static final ListFields FIELDS = ListFields.of(
            "model",
            "name",
            "label",
            "providerType",
            "capabilities",
            "defaultPricing",
            "maxInputTokens",
            "maxOutputTokens");

    private final ConnectClient connect;

    public Models(ConnectClient connect) {
        this.connect = connect;
    }

    /// Reads the catalogue.
    ///
    /// @param type the provider type to which the list is limited
    /// @param awsRegion the AWS region to which the models of Bedrock are limited
    public List<ObjectNode> list(Optional<ProviderType> type, Optional<String> awsRegion) {
        return list(type, awsRegion, ListQuery.ALL).items().stream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    /// Reads the part of the catalogue that the query selects.
    public Listing list(Optional<ProviderType> type, Optional<String> awsRegion, ListQuery query) {
        var request = JsonNodeFactory.instance.objectNode();
        type.ifPresent(t -> request.put("providerType", t.wire()));
        awsRegion.ifPresent(region -> request.put("awsRegion", region));
        return Listing.read(connect, "ModelService/ListModels", request, "models", query, FIELDS);
    }

    /// Reads a model.
    ///
    /// @param type the provider type, required if several types have a model of that name
    public ObjectNode get(String name, Optional<ProviderType> type) {
        var request = JsonNodeFactory.instance.objectNode().put("name", name);
        type.ifPresent(t -> request.put("providerType", t.wire()));
        return switch (connect.call("ModelService/GetModel", request, Retry.SAFE)) {
            case Reply.Message(var json) when json.path("model") instanceof ObjectNode model -> model;
            case Reply.Message _ -> throw connect.notAGateway("an answer without a model");
            case Reply.Failure(var code, var _) when code.equals("not_found") -> throw notFound(name, type);
            case Reply.Failure failure -> throw connect.error(failure);
        };
    }

    private UserError notFound(String name, Optional<ProviderType> type) {
        var names = list(type, Optional.empty()).stream()
                .map(model -> model.path("name").asText(""))
                .toList();
        return new UserError(
                "model \"%s\" not found".formatted(name),
                DidYouMean.hint(name, names, "run rpkai model list to see what there is"));
    }
}
