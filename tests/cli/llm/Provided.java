package tests.cli.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;

/// A gateway and a machine that is configured for it.
final class Provided implements AutoCloseable {
    final FakeGateway gateway = FakeGateway.start();
    final Machine machine;

    Provided(Path temp) {
        machine = new Machine(temp)
                .profile("prod", "ai_gateway_url: %s\n".formatted(gateway.url()))
                .with("RPAI_TOKEN", "t");
    }

    /// Runs a command line without quoted words.
    Machine.Result run(String line) {
        return machine.run(line.split(" "));
    }

    /// Returns a provider as the gateway stores it, without the fields that the gateway sets.
    ObjectNode stored(String name) {
        var stored = (ObjectNode) gateway.stored(name).deepCopy();
        return stored.remove(java.util.List.of("url", "createdAt", "updatedAt"));
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        gateway.close();
    }
}
