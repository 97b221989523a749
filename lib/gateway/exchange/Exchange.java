package lib.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Optional;
import lib.api.Provider;
import lib.gateway.state.StateUnavailable;

/// A request to a provider, together with its response, on its way through the proxy.
///
/// @param provider the name of the provider
/// @param wire the API format of the provider
/// @param target the path below the provider
/// @param body the body of the request
/// @param metered the meter of the call; empty if the call is not metered
public record Exchange(
        RoutingRequest request,
        RoutingResponse response,
        Provider provider,
        ApiFormat wire,
        ProxyPath target,
        RequestBody body,
        Optional<CallMeter> metered) {

    public static Exchange of(
            RoutingRequest request,
            RoutingResponse response,
            Provider provider,
            ApiFormat wire,
            ProxyPath target,
            Optional<CallListener> meter,
            BodyStore store) {
        // Lists of models and probes are not model calls.
        var metered = meter.flatMap(it -> charging(request, target)
                .map(charging -> new CallMeter(
                        it,
                        charging,
                        String.join(",", request.headers().all(HeaderNames.CONTENT_ENCODING, List::of)))));
        return new Exchange(
                request, response, provider, wire, target, RequestBody.of(request, metered, store), metered);
    }

    /// Returns the same exchange with another API format.
    public Exchange speaking(ApiFormat wire) {
        return new Exchange(request, response, provider, wire, target, body, metered);
    }

    /// Returns how the upstream charges for the request; empty if it charges nothing.
    Optional<Charging> charging() {
        return charging(request, target);
    }

    private static Optional<Charging> charging(RoutingRequest request, ProxyPath target) {
        return Charging.of(
                request.prologue().method().text(),
                request.content().hasEntity(),
                List.of(target.path().replace("%3a", ":").replace("%3A", ":").split("/")));
    }

    public String method() {
        return request.prologue().method().text();
    }

    /// Returns the phrase that messages use for the provider.
    public String subject() {
        return wire.subject(provider.name());
    }

    /// A step that handles a request.
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /// Runs a step for the client. If it throws a [GatewayError] or [StateUnavailable], the error becomes the
    /// answer. All errors of requests for a provider are answered here; errors of requests for no provider are
    /// answered by the gateway's `Router`.
    ///
    /// @return whether the step succeeded
    public <E extends Exception> boolean answering(Work<E> work) throws E {
        try {
            work.run();
            return true;
        } catch (GatewayError refusal) {
            refuse(refusal);
            return false;
        } catch (StateUnavailable away) {
            refuse(GatewayError.stateUnavailable(away));
            return false;
        }
    }

    /// Answers with an error, in the format that this client reads and with the status at which it stops.
    public void refuse(GatewayError refusal) {
        metered.ifPresent(looks -> looks.answers(refusal.kind().status(), "", ""));
        var status = ClientAgent.of(request.headers()).status(refusal, provider.passthrough());
        JsonResponses.refuse(request, response, refusal, wire, status);
    }

    /// Answers with JSON that the gateway itself produced.
    public void answer(JsonNode json) {
        var bytes = JsonResponses.bytes(json);
        metered.ifPresent(looks -> {
            looks.answers(200, "application/json", "");
            looks.shown(bytes, 0, bytes.length);
        });
        JsonResponses.json(response, 200, bytes);
    }
}
