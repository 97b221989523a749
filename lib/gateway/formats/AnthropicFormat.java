package lib.gateway.formats;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import lib.gateway.exchange.ApiFormat;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.KnownCalls;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.UpstreamProbe;

/// Anthropic's own API.
///
/// @see <a href="https://docs.anthropic.com/en/api/overview">Anthropic's API</a>
final class AnthropicFormat implements ApiFormat {
    private static final KnownCalls CALLS = KnownCalls.of("v1", """
            POST   messages                     BODY
            POST   messages/count_tokens        BODY
            POST   complete                     BODY
            POST   messages/batches             REQUESTS
            GET    messages/batches             NOWHERE
            GET    messages/batches/*           NOWHERE
            GET    messages/batches/*/results   NOWHERE
            POST   messages/batches/*/cancel    NOWHERE
            DELETE messages/batches/*           NOWHERE
            GET    models                       NOWHERE
            GET    models/**                    NOWHERE
            POST   files                        FILE
            GET    files                        NOWHERE
            GET    files/*                      NOWHERE
            GET    files/*/content              NOWHERE
            DELETE files/*                      NOWHERE""");

    @Override
    public KnownCalls.Call call(Exchange exchange) {
        return CALLS.find(exchange.method(), exchange.target().everySegment());
    }

    @Override
    public URI upstream(URI baseUrl, ProxyPath target) {
        return target.below(baseUrl, List.of("v1"));
    }

    @Override
    public UpstreamProbe probe(List<String> models) {
        return new UpstreamProbe("GET", "v1/models", "?limit=1", Map.of("anthropic-version", "2023-06-01"));
    }

    @Override
    public ObjectNode error(GatewayError refusal) {
        var json = JsonNodeFactory.instance.objectNode().put("type", "error");
        json.putObject("error").put("type", refusal.kind().type()).put("message", refusal.getMessage());
        return json;
    }

    @Override
    public boolean takesKeyHeader() {
        return true;
    }
}
