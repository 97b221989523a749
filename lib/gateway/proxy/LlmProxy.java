package lib.gateway.proxy;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.catalog.HostedProviders;
import lib.gateway.demo.DemoModel;
import lib.gateway.exchange.CallListener;
import lib.gateway.exchange.CallMeter;
import lib.gateway.exchange.CallerCredentials;
import lib.gateway.exchange.Exchange;
import lib.gateway.exchange.GatewayError;
import lib.gateway.exchange.JsonResponses;
import lib.gateway.exchange.ProxyPath;
import lib.gateway.exchange.UsageEstimate;
import lib.gateway.formats.Formats;
import lib.gateway.server.Client;
import lib.gateway.server.DisconnectDetector;
import lib.gateway.upstream.Relay;
import lib.gateway.upstream.Upstream;
import lib.gateway.upstream.UpstreamAuth;
import lib.usage.budget.Admission;
import lib.usage.budget.BudgetDecision;
import lib.usage.budget.Reservation;

/// The proxy for LLM providers. It checks which caller may use which provider and model, and forwards allowed
/// requests to the provider's upstream.
public final class LlmProxy {
    private static final HeaderName WARNING = HeaderNames.create("SpendLimit-Warning");

    private final HostedProviders providers;
    private final Authenticator callers;
    private final DemoModel demo;
    private final Relay relay;
    private final Optional<CallListener> meter;
    private final Optional<Admission> admission;
    private final DisconnectDetector watch;

    public LlmProxy(
            HostedProviders providers,
            Authenticator callers,
            DemoModel demo,
            Relay relay,
            DisconnectDetector watch,
            Optional<CallListener> meter,
            Optional<Admission> admission) {
        this.admission = admission;
        this.meter = meter;
        this.providers = providers;
        this.callers = callers;
        this.demo = demo;
        this.relay = relay;
        this.watch = watch;
    }

    /// Answers a request below [ProxyPath#PREFIX].
    ///
    /// @throws GatewayError if the request is rejected before its provider is known
    public void serve(Client client, RoutingRequest request, RoutingResponse response) {
        var target = ProxyPath.of(request.prologue());
        var hosted = providers.hosted(target.provider());
        if (hosted.isEmpty()) {
            providers.requireCurrent();
            CallerCredentials.of(request.headers(), callers);
            throw GatewayError.noProvider(target.provider());
        }
        var exchange = Exchange.of(
                request,
                response,
                hosted.get().provider(),
                Formats.of(hosted.get().provider().type()),
                target,
                meter,
                relay.bodies());
        try {
            if (!exchange.answering(() -> serve(client, exchange, hosted.get().upstream())))
                watch.discard(client, exchange.body());
        } catch (IOException gone) {
            // The client is still connected, has sent invalid chunks, and waits for an answer.
            if (exchange.body().isBroken()) refuseBroken(exchange);
            throw new CloseConnectionException("the client went away", gone);
        } finally {
            exchange.body().release();
        }
    }

    private static void refuseBroken(Exchange exchange) {
        try {
            exchange.response().header(HeaderValues.CONNECTION_CLOSE);
            exchange.refuse(GatewayError.brokenBody());
        } catch (RuntimeException gone) {
            // The client has disconnected.
        }
    }

    private void serve(Client client, Exchange exchange, Upstream upstream) throws IOException {
        providers.requireCurrent();
        var provider = exchange.provider();
        if (!exchange.request().headers().all(HeaderNames.UPGRADE, List::of).isEmpty()) checkUpgrade(exchange);
        var credentials = provider.passthrough()
                ? CallerCredentials.besideTheCallersOwn(exchange.request().headers(), callers)
                : CallerCredentials.of(exchange.request().headers(), callers);
        client.asks(provider.name(), credentials.caller());
        if (!provider.enabled()) throw GatewayError.disabled(provider.name());
        if (exchange.target().isBase()) {
            probe(exchange);
            return;
        }
        exchange.wire().check(exchange.target());
        if (!exchange.wire().methods().contains(exchange.method()))
            throw GatewayError.noMethod(exchange.wire().methods());
        if (!provider.models().isEmpty()) Allowlist.check(exchange);
        try (var reserved = admitted(exchange, credentials.caller(), upstream)) {
            pass(client, exchange, credentials, upstream, reserved);
        }
    }

    /// @param reserved the reservation, released as soon as the answer ends: the connection may stay open for
    ///     long
    private void pass(
            Client client, Exchange exchange, CallerCredentials credentials, Upstream upstream, Reservation reserved)
            throws IOException {
        switch (upstream) {
            case Upstream.Demo _ -> {
                exchange.metered().ifPresent(CallMeter::isDemo);
                exchange.response().headers().add(DemoModel.ANSWERED);
                metered(exchange, credentials.caller(), reserved, () -> demo.answer(exchange));
            }
            case Upstream.Remote remote -> relay(client, exchange, credentials, remote, reserved);
            case Upstream.Stored stored ->
                relay(client, exchange, credentials, stored.remote().get(), reserved);
        }
    }

    /// Rejects requests to switch protocols. Offers to continue in HTTP/2 are ignored, as the specification
    /// requires.
    private static void checkUpgrade(Exchange exchange) {
        var offered = exchange.request().headers().all(HeaderNames.UPGRADE, List::of);
        if (offered.stream()
                .anyMatch(protocol -> protocol.toLowerCase(Locale.ROOT).contains("websocket")))
            throw GatewayError.noUpgrade();
    }

    private void relay(
            Client client,
            Exchange exchange,
            CallerCredentials credentials,
            Upstream.Remote remote,
            Reservation reserved)
            throws IOException {
        if (!(remote.access() instanceof UpstreamAuth.Gateway)) exchange.wire().adapt(exchange);
        watch.during(
                client,
                exchange.body(),
                () -> metered(
                        exchange, credentials.caller(), reserved, () -> relay.relay(exchange, credentials, remote)));
    }

    private static <E extends Exception> void metered(
            Exchange exchange, Caller caller, Reservation reserved, Exchange.Work<E> call) throws E {
        var complete = false;
        exchange.metered().ifPresent(metered -> metered.begin(exchange, caller));
        try {
            exchange.answering(call);
            complete = true;
        } finally {
            // The cost is recorded before the reservation is released.
            try (reserved) {
                if (exchange.metered().isPresent()) exchange.metered().get().end(complete);
            }
        }
    }

    /// Admits a call if the budgets allow it. Free requests are always admitted: a list of models, a token count,
    /// an answer of the demo model.
    ///
    /// @return the reserved amount until the call is over
    private Reservation admitted(Exchange exchange, Caller caller, Upstream upstream) throws IOException {
        if (admission.isEmpty() || upstream instanceof Upstream.Demo || !UsageEstimate.isCharged(exchange))
            return Reservation.NONE;
        var agent = CallMeter.agent(exchange.request().headers());
        if (!admission.get().concerns(caller.name(), agent)) return Reservation.NONE;
        var expected = UsageEstimate.of(exchange);
        exchange.metered().ifPresent(looks -> looks.expects(expected.usage()));
        var provider = exchange.provider();
        return switch (admission
                .get()
                .admit(new Admission.Request(
                        provider.name(),
                        provider.type().label(),
                        expected.model(),
                        caller.name(),
                        agent,
                        expected.usage()))) {
            case BudgetDecision.Spent(var message, var reset) -> throw GatewayError.overBudget(message, reset);
            case BudgetDecision.Busy(var message) -> throw GatewayError.budgetBusy(message);
            case BudgetDecision.NoPrice(var message) -> throw GatewayError.noPrice(message);
            case BudgetDecision.Open(var warnings, var reserved) -> {
                warnings.forEach(warning ->
                        exchange.response().headers().add(HeaderValues.create(WARNING, JsonResponses.ascii(warning))));
                yield reserved;
            }
        };
    }

    /// Answers requests for the base URL, with which clients check that the server is up.
    private static void probe(Exchange exchange) {
        if (!exchange.request().prologue().method().equals(Method.HEAD)) {
            throw GatewayError.notFound("the path ends after the name of the provider");
        }
        exchange.response().send();
    }
}
