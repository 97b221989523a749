package lib.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lib.auth.AccessToken;
import lib.auth.RefreshWindow;
import lib.auth.Tokens;
import lib.base.Host;
import lib.http.Http;

/// A session with an MCP server of a gateway, which uses the MCP Java SDK. It lists and calls tools.
///
///     try (var session = McpSession.open(endpoint, tokens, Duration.ofSeconds(60), host)) {
///         session.tools().forEach(tool -> System.out.println(tool.path("name").asText()));
///     }
///
/// @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">MCP's tools</a>
public final class McpSession implements AutoCloseable {
    /// The maximum size of an answer in bytes, enough for a picture.
    private static final int LARGEST = 16 << 20;
    private static final int MOST_PAGES = 100;
    private static final int MOST_TOOLS = 10_000;
    /// Accepts any output of a tool, because it is only shown.
    private static final JsonSchemaValidator ANYTHING = (_, _) -> JsonSchemaValidator.ValidationResponse.asValid(null);

    private final McpSyncClient client;
    private final JacksonMapper json;
    private final McpEndpoint endpoint;
    private final Optional<AccessToken> token;

    private McpSession(McpSyncClient client, JacksonMapper json, McpEndpoint endpoint, Optional<AccessToken> token) {
        this.client = client;
        this.json = json;
        this.endpoint = endpoint;
        this.token = token;
    }

    /// Opens a session. If the gateway rejects a token that looked valid, the token is renewed once.
    ///
    /// @param patience the timeout of each answer
    /// @throws lib.base.UserError if there is no such server, or if it does not answer as an MCP server
    public static McpSession open(McpEndpoint endpoint, Tokens tokens, Duration patience, Host host) {
        var token = tokens.atLeast(RefreshWindow.DEFAULT);
        var session = of(endpoint, token, patience, host);
        try {
            session.client.initialize();
            return session;
        } catch (RuntimeException e) {
            session.client.close();
            if (token.isEmpty() || !endpoint.refuses(token.get())) throw endpoint.error(e, token);
        }
        var renewed = of(endpoint, tokens.replacing(token.get()), patience, host);
        renewed.asked(client -> client.initialize());
        return renewed;
    }

    private static McpSession of(McpEndpoint endpoint, Optional<AccessToken> token, Duration patience, Host host) {
        var json = new JacksonMapper();
        var transport = HttpClientStreamableHttpTransport.builder(endpoint.url().toString())
                .endpoint(endpoint.url().getRawPath())
                .jsonMapper(json)
                .clientBuilder(Http.plain(host).version(HttpClient.Version.HTTP_1_1))
                .connectTimeout(Duration.ofSeconds(10))
                .maxResponseSize(LARGEST)
                .resumableStreams(false)
                .openConnectionOnStartup(false)
                .addHttpRequestCustomizer((request, _, _, _, _) -> token.ifPresent(t ->
                        request.setHeader("Authorization", "Bearer " + t.value().reveal())))
                .build();
        var client = McpClient.sync(transport)
                .jsonSchemaValidator(ANYTHING)
                .requestTimeout(patience)
                .initializationTimeout(patience)
                .clientInfo(McpSchema.Implementation.builder("rpkai", "1").build())
                .build();
        return new McpSession(client, json, endpoint, token);
    }

    /// Lists all tools as the server describes them, page by page.
    ///
    /// @throws lib.base.UserError if the server has no tools
    public List<ObjectNode> tools() {
        var offers = client.getServerCapabilities();
        if (offers == null || offers.tools() == null) throw endpoint.noTools();
        var tools = new ArrayList<ObjectNode>();
        var cursors = new HashSet<String>();
        var cursor = (String) null;
        do {
            var from = cursor;
            var page = asked(client -> client.listTools(from));
            page.tools().forEach(tool -> tools.add(json.tree(tool)));
            cursor = page.nextCursor();
            // A faulty server that always returns another page must not cause an endless loop.
        } while (cursor != null
                && !cursor.isEmpty()
                && cursors.add(cursor)
                && cursors.size() < MOST_PAGES
                && tools.size() < MOST_TOOLS);
        return tools;
    }

    /// Calls a tool.
    ///
    /// @return the whole result: `content[]`, `structuredContent`, `isError`
    public ObjectNode call(String tool, Map<String, Object> arguments) {
        asked(client -> client.callTool(
                CallToolRequest.builder(tool).arguments(arguments).build()));
        return json.result();
    }

    private <T> T asked(Function<McpSyncClient, T> question) {
        try {
            return question.apply(client);
        } catch (RuntimeException e) {
            throw endpoint.error(e, token);
        }
    }

    /// Ends the session on the server too, which would otherwise keep it until it expires.
    @Override
    public void close() {
        try {
            client.closeGracefully();
        } catch (RuntimeException e) {
            // All requests have been answered.
        }
    }
}
