package lib.gateway;

import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import lib.providers.Provider;

/// One request that is on its way through the proxy, and the way back.
///
/// @param provider whom it is for
/// @param wire what that provider speaks
/// @param target where it goes
/// @param body what it carries
record Exchange(RoutingRequest request, RoutingResponse response, Provider provider, Wire wire, ProxyPath target,
        RequestBody body) {

    static Exchange of(RoutingRequest request, RoutingResponse response, Provider provider, ProxyPath target) {
        return new Exchange(
                request, response, provider, Wire.of(provider.type()), target, RequestBody.of(request));
    }

    String method() {
        return request.prologue().method().text();
    }

    /// Answers with a refusal, in the shape that this client reads and with the status at which it stops.
    void refuse(Refusal refusal) {
        var status = Agent.of(request.headers()).status(refusal, provider.passthrough());
        Answers.refuse(request, response, refusal, wire, status);
    }
}
