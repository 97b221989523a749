package lib.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Optional;
import lib.providers.Provider;

/// One request that is on its way through the proxy, and the way back.
///
/// @param provider whom it is for
/// @param wire what that provider speaks
/// @param target where it goes
/// @param body what it carries
/// @param metered who looks on; empty where nobody does
record Exchange(RoutingRequest request, RoutingResponse response, Provider provider, Wire wire, ProxyPath target,
        RequestBody body, Optional<Metered> metered) {

    static Exchange of(RoutingRequest request, RoutingResponse response, Provider provider, Wire wire, ProxyPath target,
            Optional<Meter> meter, BodyStore store) {
        // Lists of models and probes are no calls of a model.
        var metered = meter.flatMap(it -> charging(request, target)
                .map(charging -> new Metered(it, charging, String.join(",", request.headers().all(HeaderNames.CONTENT_ENCODING, List::of)))));
        return new Exchange(request, response, provider, wire, target, RequestBody.of(request, metered, store), metered);
    }

    /// The same one on another wire.
    Exchange speaking(Wire wire) {
        return new Exchange(request, response, provider, wire, target, body, metered);
    }

    /// What its upstream charges for; empty where it charges nothing.
    Optional<Charging> charging() {
        return charging(request, target);
    }

    private static Optional<Charging> charging(RoutingRequest request, ProxyPath target) {
        return Charging.of(request.prologue().method().text(), request.content().hasEntity(), List.of(target.path().replaceAll("(?i)%3a", ":").split("/")));
    }

    String method() {
        return request.prologue().method().text();
    }

    /// Whom it is for, as messages call it.
    String subject() {
        return wire.subject(provider.name());
    }

    /// Answers with a refusal, in the shape that this client reads and with the status at which it stops.
    void refuse(Refusal refusal) {
        metered.ifPresent(looks -> looks.answers(refusal.kind().status(), "", ""));
        var status = Agent.of(request.headers()).status(refusal, provider.passthrough());
        Answers.refuse(request, response, refusal, wire, status);
    }

    /// Answers with JSON of the gateway's own making.
    void answer(JsonNode json) {
        var bytes = Answers.bytes(json);
        metered.ifPresent(looks -> {
            looks.answers(200, "application/json", "");
            looks.shown(bytes, 0, bytes.length);
        });
        Answers.json(response, 200, bytes);
    }
}
