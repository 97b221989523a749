package lib.gateway;

import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import lib.providers.Provider;

/// The proxy: who may use which provider with which model; what passes goes to the provider's upstream.
final class Proxy {
    private final Map<String, HostedProvider> providers;
    private final Callers callers;
    private final Demo demo;
    private final Relay relay;

    Proxy(List<HostedProvider> providers, Callers callers, Demo demo, Relay relay) {
        this.providers = providers.stream()
                .collect(Collectors.toMap(hosted -> hosted.provider().name(), Function.identity()));
        this.callers = callers;
        this.demo = demo;
        this.relay = relay;
    }

    /// Answers one request below [ProxyPath#PREFIX].
    ///
    /// @throws Refusal for what does not pass
    void serve(ConnectionContext client, RoutingRequest request, RoutingResponse response) {
        var credentials = Credentials.of(request.headers(), callers).orElseThrow(Refusal::unauthenticated);
        var target = ProxyPath.of(request.prologue());
        var hosted = provider(target.provider());
        if (target.isBase()) {
            probe(request, response);
            return;
        }
        var body = RequestBody.of(request);
        try {
            if (!hosted.provider().models().isEmpty()) checkModels(hosted.provider(), body);
            switch (hosted.upstream()) {
                case Upstream.Demo _ -> demo.answer(request, body, target, hosted.provider(), response);
                case Upstream.Anthropic upstream -> ClientWatch.during(client, body,
                        () -> relay.relay(request, body, target, credentials, upstream, response));
            }
        } catch (IOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        }
    }

    private HostedProvider provider(String name) {
        var hosted = providers.get(name);
        if (hosted == null) throw Refusal.notFound("no provider is named \"%s\"".formatted(name));
        if (!hosted.provider().enabled()) throw Refusal.disabled(name);
        return hosted;
    }

    private static void checkModels(Provider provider, RequestBody body) throws IOException {
        for (var model : RequestedModels.in(body.bytes())) {
            if (!provider.allows(model)) throw Refusal.modelNotAllowed(provider.name(), model, provider.models());
        }
    }

    /// Clients ask for the base URL to see whether somebody is there.
    private static void probe(RoutingRequest request, RoutingResponse response) {
        if (!request.prologue().method().equals(Method.HEAD)) throw Refusal.notFound("the path ends with the provider");
        response.send();
    }
}
