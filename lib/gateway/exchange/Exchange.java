package lib.gateway.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Optional;
import lib.api.Provider;

/// One request that is on its way through the proxy, and the way back.
///
/// @param provider whom it is for
/// @param wire what that provider speaks
/// @param target where it goes
/// @param body what it carries
/// @param metered who looks on; empty where nobody does
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
        // Lists of models and probes are no calls of a model.
        var metered = meter.flatMap(it -> charging(request, target)
                .map(charging -> new CallMeter(
                        it,
                        charging,
                        String.join(",", request.headers().all(HeaderNames.CONTENT_ENCODING, List::of)))));
        return new Exchange(
                request, response, provider, wire, target, RequestBody.of(request, metered, store), metered);
    }

    /// The same one on another wire.
    public Exchange speaking(ApiFormat wire) {
        return new Exchange(request, response, provider, wire, target, body, metered);
    }

    /// What its upstream charges for; empty where it charges nothing.
    Optional<Charging> charging() {
        return charging(request, target);
    }

    private static Optional<Charging> charging(RoutingRequest request, ProxyPath target) {
        return Charging.of(
                request.prologue().method().text(),
                request.content().hasEntity(),
                List.of(target.path().replaceAll("(?i)%3a", ":").split("/")));
    }

    public String method() {
        return request.prologue().method().text();
    }

    /// Whom it is for, as messages call it.
    public String subject() {
        return wire.subject(provider.name());
    }

    /// What is done for a request.
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /// Does something for the client. Where that throws a [GatewayError], the error is the answer: this is the one
    /// place where requests for a provider end with one. Requests for no provider end in the gateway's `Router`.
    ///
    /// @return whether the work went well
    public <E extends Exception> boolean answering(Work<E> work) throws E {
        try {
            work.run();
            return true;
        } catch (GatewayError refusal) {
            refuse(refusal);
            return false;
        }
    }

    /// Answers with an error, in the shape that this client reads and with the status at which it stops.
    public void refuse(GatewayError refusal) {
        metered.ifPresent(looks -> looks.answers(refusal.kind().status(), "", ""));
        var status = ClientAgent.of(request.headers()).status(refusal, provider.passthrough());
        JsonResponses.refuse(request, response, refusal, wire, status);
    }

    /// Answers with JSON of the gateway's own making.
    public void answer(JsonNode json) {
        var bytes = JsonResponses.bytes(json);
        metered.ifPresent(looks -> {
            looks.answers(200, "application/json", "");
            looks.shown(bytes, 0, bytes.length);
        });
        JsonResponses.json(response, 200, bytes);
    }
}
