package tests.support.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import tests.support.Fault;
import tests.support.Faults;
import tests.support.Loopback;
import tests.support.upstream.ProxyCall;
import tests.support.upstream.ProxyStub;
import tests.support.upstream.Recorded;
import tests.support.upstream.Reply;

/// An AI Gateway as its clients see it: providers and models of the management API, and the proxy with an
/// Anthropic upstream behind it. Written from the wire page, without the embedded gateway.
///
///     try (var gateway = FakeGateway.start()) {
///         gateway.provider(ProviderJson.anthropic("claude", "claude-sonnet-4-5")).tokens(idp::isValid);
///         gateway.fail(Endpoint.GET_PROVIDER, 1, Fault.connect("unauthenticated", "token expired"));
///         gateway.next(Replies.text("hello"));
///         var run = rpkai("--endpoint", gateway.url(), "run", "claude", "-L", "claude");
///         assertEquals("claude", gateway.awaitProxied(1, Duration.ofSeconds(10)).getFirst().provider());
///     }
///
/// By default any token will do, but there has to be one.
public final class FakeGateway implements AutoCloseable {

    /// The endpoints that can be made to fail.
    public enum Endpoint {
        GET_PROVIDER(FakeManagementApi.SERVICE + "GetLLMProvider"),
        LIST_PROVIDERS(FakeManagementApi.SERVICE + "ListLLMProviders"),
        CREATE_PROVIDER(FakeManagementApi.SERVICE + "CreateLLMProvider"),
        UPDATE_PROVIDER(FakeManagementApi.SERVICE + "UpdateLLMProvider"),
        DELETE_PROVIDER(FakeManagementApi.SERVICE + "DeleteLLMProvider"),
        CHECK_CONNECTION(FakeManagementApi.SERVICE + "CheckConnection"),
        PROVIDER_TYPES(FakeManagementApi.SERVICE + "ListLLMProviderTypes"),
        LIST_MODELS(ModelApi.SERVICE + "ListModels"),
        GET_MODEL(ModelApi.SERVICE + "GetModel"),
        LIST_SERVERS(McpApi.SERVICE + "ListMCPServers"),
        GET_SERVER(McpApi.SERVICE + "GetMCPServer"),
        CREATE_SERVER(McpApi.SERVICE + "CreateMCPServer"),
        UPDATE_SERVER(McpApi.SERVICE + "UpdateMCPServer"),
        DELETE_SERVER(McpApi.SERVICE + "DeleteMCPServer"),
        MANAGED_TYPES(McpApi.SERVICE + "ListManagedMCPTypes"),
        PROXY(""),
        MCP("");

        private final String path;

        Endpoint(String path) {
            this.path = path;
        }
    }

    private final FakeManagementApi management = new FakeManagementApi(this::proxyUrl, this::endpoint);
    private final Map<String, McpStub> mcp = new ConcurrentHashMap<>();
    private final ProxyStub proxy = new ProxyStub(management);
    private final Faults<Endpoint> faults = new Faults<>();
    private volatile Predicate<String> tokens = token -> !token.isEmpty();
    private final Loopback server = new Loopback(this::answer);

    private FakeGateway() {}

    /// A gateway without providers on a free port.
    public static FakeGateway start() {
        return new FakeGateway();
    }

    /// The gateway's base URL.
    public String url() {
        return server.url();
    }

    /// The proxy URL of a provider, which is also the `url` that the management API shows.
    public String proxyUrl(String provider) {
        return url() + "/llm/v1/providers/" + provider;
    }

    /// Adds a provider or replaces the one of that name; `enabled: false` is left out when shown, as proto3 JSON
    /// does.
    public FakeGateway provider(ObjectNode provider) {
        management.put(
                provider.deepCopy().put("url", proxyUrl(provider.path("name").asText())));
        return this;
    }

    /// Returns the URL of an MCP server, which is also the `url` that the management API shows.
    public String endpoint(String server) {
        return url() + "/mcp/v1/" + server;
    }

    /// Adds an MCP server or replaces the one of that name.
    public FakeGateway server(ObjectNode server) {
        management.servers.put(server);
        return this;
    }

    /// Sets the stub that answers at an MCP server's endpoint; its code-mode sibling is named `NAME-code`.
    public FakeGateway serving(String server, McpStub stub) {
        mcp.put(server, stub);
        return this;
    }

    /// Returns an MCP server as the gateway stores and shows it; a missing node if there is none.
    public JsonNode storedServer(String server) {
        return management
                .servers
                .server(server)
                .<JsonNode>map(ObjectNode::deepCopy)
                .orElse(MissingNode.getInstance());
    }

    /// Takes a provider away.
    public void remove(String provider) {
        management.remove(provider);
    }

    /// Adds a model to the catalogue.
    public FakeGateway model(ObjectNode model) {
        management.models.add(model);
        return this;
    }

    /// Returns a provider as the gateway stores and shows it; a missing node if there is none.
    public JsonNode stored(String provider) {
        return management.provider(provider).<JsonNode>map(ObjectNode::deepCopy).orElse(MissingNode.getInstance());
    }

    /// Sets the result of CheckConnection for a provider, a google.rpc.Status. By default it succeeds.
    public FakeGateway check(String provider, ObjectNode status) {
        management.check(provider, status);
        return this;
    }

    /// Which gateway tokens are good; a call without one is asked for as the empty string.
    public FakeGateway tokens(Predicate<String> good) {
        tokens = good;
        return this;
    }

    /// The most providers on a page, whatever is asked for.
    public FakeGateway largestPage(int providers) {
        management.largestPage = providers;
        management.servers.largestPage = providers;
        return this;
    }

    /// The next `calls` calls of that endpoint meet this fault, after those that were asked for before.
    public void fail(Endpoint endpoint, int calls, Fault fault) {
        faults.next(endpoint, calls, fault);
    }

    /// Every call of that endpoint meets this fault, until [#clearFaults].
    public void failAlways(Endpoint endpoint, Fault fault) {
        faults.always(endpoint, fault);
    }

    /// Every call of the management API meets this fault, until [#clearFaults].
    public void failEverywhere(Fault fault) {
        Arrays.stream(Endpoint.values())
                .filter(endpoint -> endpoint != Endpoint.PROXY && endpoint != Endpoint.MCP)
                .forEach(endpoint -> faults.always(endpoint, fault));
    }

    /// Removes every fault.
    public void clearFaults() {
        faults.clear();
    }

    /// Queues answers of the upstream for the next messages that the proxy lets through.
    @SafeVarargs
    public final void next(Function<Recorded, Reply>... replies) {
        for (var reply : replies) {
            proxy.answers.next(reply);
        }
    }

    /// Answers every request that the proxy lets through, its target being the upstream's path.
    public void handle(Function<Recorded, Reply> handler) {
        proxy.answers.handle(handler);
    }

    /// Returns the upstream's answer without a handler.
    public Reply standard(Recorded call) {
        return proxy.answers.standard(call);
    }

    /// Every request so far, refused ones and faults included.
    public List<Recorded> requests() {
        return server.requests();
    }

    /// The requests so far to a method of the management API, such as `GetLLMProvider`.
    public List<Recorded> managementCalls(String method) {
        return requests().stream()
                .filter(call -> call.path().equals(FakeManagementApi.SERVICE + method)
                        || call.path().equals(McpApi.SERVICE + method))
                .toList();
    }

    /// The requests so far to the proxy, refused ones included.
    public List<ProxyCall> proxied() {
        return requests().stream()
                .map(ProxyStub::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    /// Waits until `n` requests to the proxy have come, and gives them.
    public List<ProxyCall> awaitProxied(int n, Duration limit) {
        server.await(n, call -> ProxyStub.parse(call).isPresent(), limit);
        return proxied();
    }

    private Reply answer(Recorded call) {
        var proxied = ProxyStub.parse(call);
        if (proxied.isPresent()) {
            return faults.around(Endpoint.PROXY, () -> proxy.answer(proxied.get(), tokens));
        }
        if (call.path().startsWith("/mcp/v1/")) {
            return faults.around(Endpoint.MCP, () -> mcp(call));
        }
        return Arrays.stream(Endpoint.values())
                .filter(endpoint -> endpoint.path.equals(call.path()))
                .findFirst()
                .map(endpoint -> faults.around(endpoint, () -> management.answer(call, tokens)))
                .orElseGet(() -> Reply.of(404, "text/plain", "404 page not found"));
    }

    private Reply mcp(Recorded call) {
        if (!tokens.test(call.bearer().orElse(""))) {
            return Reply.of(401, "text/plain", "").header("WWW-Authenticate", "Bearer");
        }
        var stub = mcp.get(call.path().substring("/mcp/v1/".length()));
        return stub == null ? Reply.of(404, "text/plain", "404 page not found") : stub.answer(call);
    }

    @Override
    public void close() {
        server.close();
    }
}
