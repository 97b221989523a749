package lib.agents.exec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import lib.agents.Agent;
import lib.agents.AgentBinary;
import lib.agents.Connection;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.variables.ConflictingVariables;
import lib.agents.variables.NoProxy;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Settings;
import lib.config.Variable;

/// Any program. It gets the base URL and a key that works for this session's relay alone, in the variables that
/// its SDK reads.
///
///     rpkai run exec -L openai -- python ask.py
public record GenericProgram() implements Agent {
    private static final AgentBinary BINARY = new AgentBinary("exec", "the program", "", "");

    @Override
    public AgentBinary binary() {
        return BINARY;
    }

    @Override
    public Set<ProviderType> types() {
        return Set.copyOf(ProviderType.KNOWN);
    }

    /// The usual protocol is assumed, because the program's own protocol is not known.
    @Override
    public ProviderType usual() {
        return ProviderType.OPENAI;
    }

    @Override
    public void check(LaunchRequest request, Settings settings, Host host) {
        if (request.args().isEmpty())
            throw UserError.usage(
                    "the command for run exec is missing",
                    "write it after --, for example rpkai run exec -L openai -- python ask.py");
        if (request.model().isPresent())
            throw UserError.usage(
                    "run exec cannot set the program's model", "omit -m and set the model in the program");
    }

    @Override
    public Path program(LaunchRequest request, Host host) {
        var name = request.args().getFirst();
        if (!name.contains("/"))
            return AgentBinary.onPath(host, name)
                    .orElseThrow(() -> new UserError(
                            "there is no `%s` on the PATH".formatted(name), "check its name or use its path"));
        var path = host.cwd().resolve(name);
        if (!Files.isExecutable(path))
            throw new UserError("%s is not a program".formatted(path), "check its path and mode");
        return path;
    }

    @Override
    public Function<Path, LaunchPlan> plan(LaunchRequest request, Connection connection, Host host) {
        var type = connection.provider().map(Provider::type).orElse(usual());
        var url = connection.proxyUrl().toString();
        var bearer = connection.bearer().orElseThrow();
        var env = new TreeMap<>(NoProxy.forLoopback(connection.proxyUrl(), host.env()));
        var secrets = new TreeMap<String, Secret>();
        var client = type.spec().or(usual()::spec).orElseThrow().client();
        var variables = client.variables();
        variables.urls().forEach(variable -> env.put(variable, url + client.base()));
        variables.keys().forEach(variable -> secrets.put(variable, bearer));
        connection
                .provider()
                .map(Provider::region)
                .filter(region -> !region.isEmpty() && !variables.region().isEmpty())
                .ifPresent(region -> env.put(variables.region(), region));
        var unset = ConflictingVariables.scrubbed(host.env().keySet(), List.of());
        // The program is the user's own, and may need another key besides the gateway's: --pass-env allows
        // that.
        unset.removeAll(Variable.names(Variable.Role.UPSTREAM_SECRET));
        var plan =
                new LaunchPlan(request.args(), env, secrets, unset, JsonNodeFactory.instance.objectNode(), List.of());
        return _ -> plan;
    }
}
