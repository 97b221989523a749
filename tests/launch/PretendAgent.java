package tests.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.Connection;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.api.ProviderType;
import lib.base.Host;

/// An invented agent: this file contains everything needed to add one.
record PretendAgent() implements Agent {
    @Override
    public AgentBinary binary() {
        return new AgentBinary("pretend", "Pretend Agent", "pretend-agent", "1.0.0");
    }

    @Override
    public Set<ProviderType> types() {
        return Set.of(ProviderType.OPENAI);
    }

    @Override
    public ProviderType usual() {
        return ProviderType.OPENAI;
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        var argv = Stream.concat(Stream.of("pretend"), request.args().stream()).toList();
        return _ -> new LaunchPlan(
                argv,
                Map.of("PRETEND_URL", connection.proxyUrl().toString()),
                Map.of("PRETEND_KEY", connection.bearer().orElseThrow()),
                new TreeSet<>(List.of("PRETEND_RIVAL")),
                JsonNodeFactory.instance.objectNode(),
                List.of());
    }
}
