package tests.support.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tests.support.TestJson;
import tests.support.upstream.Reply;

/// `ModelService` by Connect JSON: a catalogue that the test fills.
final class ModelApi {

    static final String SERVICE = "/redpanda.api.adp.v1alpha1.ModelService/";

    private final List<ObjectNode> models = new CopyOnWriteArrayList<>();

    void add(ObjectNode model) {
        models.add(model.deepCopy());
    }

    Reply list(ObjectNode request) {
        var body = TestJson.object();
        var found = models.stream().filter(model -> fits(model, request)).toList();
        if (!found.isEmpty()) {
            body.putArray("models").addAll(found);
        }
        return Reply.json(200, body);
    }

    Reply get(ObjectNode request) {
        var found = models.stream()
                .filter(model -> model.path("name").equals(request.path("name")) && fits(model, request))
                .toList();
        return switch (found.size()) {
            case 0 -> Connect.error("not_found", "model " + request.path("name") + " not found");
            case 1 -> Reply.json(200, TestJson.object().set("model", found.getFirst()));
            default ->
                Connect.error("invalid_argument", "several provider types offer this model: provider_type is needed");
        };
    }

    private static boolean fits(ObjectNode model, ObjectNode request) {
        return !request.has("providerType") || model.path("providerType").equals(request.path("providerType"));
    }
}
