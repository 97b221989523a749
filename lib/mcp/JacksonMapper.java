package lib.mcp;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.IOException;

/// Adapts Jackson to the JSON interface of the MCP SDK. The SDK's own modules would bring another version.
final class JacksonMapper implements McpJsonMapper {
    private volatile ObjectNode result = JsonNodeFactory.instance.objectNode();
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @Override
    public <T> T readValue(String content, Class<T> type) throws IOException {
        return json.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, Class<T> type) throws IOException {
        return json.readValue(content, type);
    }

    @Override
    public <T> T readValue(String content, TypeRef<T> type) throws IOException {
        return json.readValue(content, json.constructType(type.getType()));
    }

    @Override
    public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
        return json.readValue(content, json.constructType(type.getType()));
    }

    @Override
    public <T> T convertValue(Object from, Class<T> type) {
        return json.convertValue(from, type);
    }

    @Override
    public <T> T convertValue(Object from, TypeRef<T> type) {
        return json.convertValue(
                type.getType() == CallToolResult.class ? readable(from) : from, json.constructType(type.getType()));
    }

    /// Returns the result of a tool without its content: the SDK rejects results with a kind of content that it
    /// does not know.
    private ObjectNode readable(Object from) {
        result = json.valueToTree(from);
        var rest = result.deepCopy();
        rest.putArray("content");
        return rest;
    }

    /// Returns the latest result of a tool, as the server sent it.
    ObjectNode result() {
        return result;
    }

    @Override
    public String writeValueAsString(Object value) throws IOException {
        return json.writeValueAsString(value);
    }

    /// Converts an object of the SDK to JSON.
    ObjectNode tree(Object value) {
        return json.valueToTree(value);
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws IOException {
        return json.writeValueAsBytes(value);
    }
}
