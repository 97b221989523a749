package lib.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// The models that a request body asks for, read without building a tree: bodies are up to 32 MB, the model is a few
/// bytes of them.
///
/// Every `model` counts, not the first: a body may name it twice, and a batch (`requests[].params`) names one per
/// request. A check that read one of them while the upstream reads another would be no check.
final class RequestedModels {
    private static final JsonFactory JSON = new JsonFactory();

    private RequestedModels() {}

    /// The models of `body`, in order; none for an empty body.
    ///
    /// @throws Refusal where the body is not one JSON object, or a model is not a string
    static Set<String> in(byte[] body) {
        var models = new LinkedHashSet<String>();
        if (body.length == 0) return models;
        try (var parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw malformed();
            readRequest(parser, models);
            if (parser.nextToken() != null) throw malformed();
        } catch (IOException e) {
            throw malformed();
        }
        return models;
    }

    private static void readRequest(JsonParser parser, Set<String> models) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var field = parser.currentName();
            var value = parser.nextToken();
            if (field.equals("model")) {
                if (value != JsonToken.VALUE_STRING) throw Refusal.invalid("model: must be a string");
                models.add(parser.getText());
            } else if (field.equals("requests") && value == JsonToken.START_ARRAY) {
                readBatch(parser, models);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void readBatch(JsonParser parser, Set<String> models) throws IOException {
        for (var item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (item != JsonToken.START_OBJECT) throw malformed();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var field = parser.currentName();
                var value = parser.nextToken();
                if (field.equals("params") && value == JsonToken.START_OBJECT) readRequest(parser, models);
                else parser.skipChildren();
            }
        }
    }

    private static Refusal malformed() {
        return Refusal.invalid("the request body is not a JSON object");
    }
}
