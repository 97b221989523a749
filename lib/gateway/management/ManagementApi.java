package lib.gateway.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import lib.base.UserError;
import lib.database.StoreFull;
import lib.gateway.access.Authenticator;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.exchange.PublicEndpoint;
import lib.gateway.exchange.RequestBody;
import lib.gateway.management.ConnectError.Code;
import lib.gateway.state.GatewayState;
import lib.gateway.state.StateUnavailable;

/// Serves the management API: Connect unary calls with JSON.
///
///     POST /redpanda.api.adp.v1alpha1.LLMProviderService/GetLLMProvider   {"name": "demo"}
///
/// @see <a href="https://connectrpc.com/docs/protocol/">The Connect protocol</a>
public final class ManagementApi {
    public static final String PREFIX = "/redpanda.api.adp.v1alpha1.";

    private static final Set<String> SERVICES =
            Set.of("LLMProviderService", "ModelService", "MCPServerService", "SecretService");
    private static final int LIMIT = 4 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProviderService providers;
    private final Optional<GatewayState> state;
    private final Authenticator callers;
    private final PublicEndpoint front;

    public ManagementApi(
            ProviderService providers, Optional<GatewayState> state, Authenticator callers, PublicEndpoint front) {
        this.providers = providers;
        this.state = state;
        this.callers = callers;
        this.front = front;
    }

    /// Answers one request below [#PREFIX].
    ///
    /// @throws ConnectError if the request fails
    public void serve(RoutingRequest request, RoutingResponse response) {
        var call = request.prologue().uriPath().rawPath().substring(PREFIX.length());
        if (!SERVICES.contains(call.substring(0, Math.max(0, call.indexOf('/'))))) {
            throw GatewayError.notFound("no such service: " + call);
        }
        // These two are HTTP errors: Connect has no code for them.
        if (!request.prologue().method().equals(Method.POST)) {
            response.status(Status.METHOD_NOT_ALLOWED_405)
                    .header(HeaderNames.ALLOW, "POST")
                    .send();
        } else if (!isJson(request)) {
            response.status(Status.UNSUPPORTED_MEDIA_TYPE_415)
                    .header(HeaderNames.create("Accept-Post"), "application/json")
                    .send();
        } else {
            JsonResponses.json(response, 200, answer(call, request));
        }
    }

    private static boolean isJson(RoutingRequest request) {
        return request.headers()
                .contentType()
                .filter(type -> type.mediaType().text().equals("application/json"))
                .isPresent();
    }

    private JsonNode answer(String method, RoutingRequest request) {
        var caller = ConnectError.caller(request.headers(), callers);
        var call = new ManagementCall(caller, message(request), front.baseUrl(request));
        var service = method.split("/", 2);
        try {
            return switch (service[0]) {
                case "LLMProviderService" -> providers.answer(service[1], call);
                case "MCPServerService" -> new ServerService(state).answer(service[1], call);
                case "SecretService" -> new SecretService(state).answer(service[1], call);
                case "ModelService" -> ModelService.answer(service[1], call);
                default -> throw new ConnectError(Code.UNIMPLEMENTED, method + " is not implemented by this gateway");
            };
        } catch (StateUnavailable away) {
            throw new ConnectError(Code.UNAVAILABLE, away.forCallers());
        } catch (UserError unusable) {
            // For example an unusable state file; the message tells its owner the remedy.
            throw new ConnectError(unusable instanceof StoreFull ? Code.UNAVAILABLE : Code.INTERNAL, unusable.line());
        }
    }

    private static JsonNode message(RoutingRequest request) {
        try {
            var bytes = RequestBody.of(request).bytes();
            if (bytes.length > LIMIT)
                throw new ConnectError(
                        Code.INVALID_ARGUMENT, "the request is larger than %d MB".formatted(LIMIT >> 20));
            var message = JSON.readTree(bytes);
            if (message.isObject()) return message;
        } catch (JsonProcessingException e) {
            // Falls through: the message of the exception is about Jackson.
        } catch (IOException gone) {
            throw new CloseConnectionException("the client went away", gone);
        }
        throw new ConnectError(Code.INVALID_ARGUMENT, "the request is not a JSON object");
    }
}
