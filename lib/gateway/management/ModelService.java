package lib.gateway.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.Optional;
import lib.api.ProviderType;
import lib.api.resource.Models;
import lib.gateway.management.ConnectError.Code;
import lib.models.Catalogue;
import lib.models.Model;

/// `ModelService`: serves the catalogue of models to every signed-in caller.
final class ModelService {
    private static final String UNSPECIFIED = ProviderType.UNSPECIFIED.wire();

    private ModelService() {}

    static JsonNode answer(String method, ManagementCall call) {
        return switch (method) {
            case "ListModels" -> list(call);
            case "GetModel" -> get(call);
            default -> throw new ConnectError(Code.UNIMPLEMENTED, method + " is not implemented by this gateway");
        };
    }

    private static JsonNode list(ManagementCall call) {
        var models = Catalogue.standard()
                .list(type(call), Optional.of(call.text("awsRegion")).filter(region -> !region.isEmpty()));
        // Several types may have a model of the same name, so the order of the pages uses both.
        var now = Instant.now();
        return Pager.page(call, "models", models, ModelService::key, model -> model.toJson(now), Models.FIELDS);
    }

    private static JsonNode get(ManagementCall call) {
        var name = call.required("name");
        var found = Catalogue.standard().find(name, type(call));
        if (found.isEmpty()) throw new ConnectError(Code.NOT_FOUND, "model \"" + name + "\" not found");
        if (found.size() > 1)
            throw new ConnectError(
                    Code.INVALID_ARGUMENT, "providerType is required: several types have a model \"" + name + "\"");
        return JsonNodeFactory.instance
                .objectNode()
                .set("model", found.getFirst().toJson(Instant.now()));
    }

    private static String key(Model model) {
        return model.type().wire() + "/" + model.name();
    }

    private static Optional<ProviderType> type(ManagementCall call) {
        return Optional.of(call.text("providerType"))
                .filter(type -> !type.isEmpty() && !type.equals(UNSPECIFIED))
                .map(ProviderType::of);
    }
}
