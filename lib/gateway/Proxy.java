package lib.gateway;

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
import lib.usage.budget.Admission;
import lib.usage.budget.Reservation;
import lib.usage.budget.Verdict;

/// The proxy: who may use which provider with which model; what passes goes to the provider's upstream.
final class Proxy {
    private static final HeaderName WARNING = HeaderNames.create("SpendLimit-Warning");

    private final HostedProviders providers;
    private final Callers callers;
    private final Demo demo;
    private final Relay relay;
    private final Optional<Meter> meter;
    private final Optional<Admission> admission;
    private final ClientWatch watch;

    Proxy(HostedProviders providers, Callers callers, Demo demo, Relay relay, ClientWatch watch, Optional<Meter> meter, Optional<Admission> admission) {
        this.admission = admission;
        this.meter = meter;
        this.providers = providers;
        this.callers = callers;
        this.demo = demo;
        this.relay = relay;
        this.watch = watch;
    }

    /// Answers one request below [ProxyPath#PREFIX].
    ///
    /// @throws Refusal for what does not pass and names no provider either
    void serve(Client client, RoutingRequest request, RoutingResponse response) {
        var target = ProxyPath.of(request.prologue());
        var hosted = providers.hosted(target.provider());
        if (hosted.isEmpty()) {
            Credentials.of(request.headers(), callers);
            refuseUnknown(request, response, target.provider());
            return;
        }
        var exchange = Exchange.of(request, response, hosted.get().provider(), Wires.of(hosted.get().provider().type()), target, meter, relay.bodies());
        try {
            serve(client, exchange, hosted.get().upstream());
        } catch (Refusal refusal) {
            exchange.refuse(refusal);
        } catch (IOException gone) {
            // A client that is still there sent chunks that are none, and waits for an answer.
            if (exchange.body().isBroken()) refuseBroken(exchange);
            throw new CloseConnectionException("the client went away", gone);
        } finally {
            exchange.body().release();
        }
    }

    private static void refuseBroken(Exchange exchange) {
        try {
            exchange.response().header(HeaderValues.CONNECTION_CLOSE);
            exchange.refuse(Refusal.brokenBody());
        } catch (RuntimeException gone) {
            // It is not there any more.
        }
    }

    private static void refuseUnknown(RoutingRequest request, RoutingResponse response, String name) {
        var refusal = Refusal.noProvider(name);
        Answers.refuse(request, response, refusal, Wires.ANTHROPIC, Agent.of(request.headers()).status(refusal, false));
    }

    private void serve(Client client, Exchange exchange, Upstream upstream) throws IOException {
        var provider = exchange.provider();
        if (!exchange.request().headers().all(HeaderNames.UPGRADE, List::of).isEmpty()) checkUpgrade(exchange);
        var credentials = provider.passthrough()
                ? Credentials.besideTheCallersOwn(exchange.request().headers(), callers)
                : Credentials.of(exchange.request().headers(), callers);
        client.asks(provider.name(), credentials.caller());
        if (!provider.enabled()) throw Refusal.disabled(provider.name());
        if (exchange.target().isBase()) {
            probe(exchange);
            return;
        }
        exchange.wire().check(exchange.target());
        if (!exchange.wire().methods().contains(exchange.method())) throw Refusal.noMethod(exchange.wire().methods());
        if (!provider.models().isEmpty()) Allowlist.check(exchange);
        try (var reserved = admitted(exchange, credentials.caller(), upstream)) {
            pass(client, exchange, credentials, upstream, reserved);
        }
    }

    /// @param reserved given back as soon as the answer is over: the connection may rest long after
    private void pass(Client client, Exchange exchange, Credentials credentials, Upstream upstream, Reservation reserved) throws IOException {
        switch (upstream) {
            case Upstream.Demo _ -> {
                exchange.metered().ifPresent(Metered::isDemo);
                exchange.response().headers().add(Demo.ANSWERED);
                metered(exchange, credentials.caller(), reserved, () -> demo.answer(exchange));
            }
            case Upstream.Remote remote -> relay(client, exchange, credentials, remote, reserved);
            case Upstream.Stored stored -> relay(client, exchange, credentials, stored.remote().get(), reserved);
        }
    }

    /// Offers to go on in HTTP/2 are not taken up, as the specification has it.
    private static void checkUpgrade(Exchange exchange) {
        var offered = exchange.request().headers().all(HeaderNames.UPGRADE, List::of);
        if (offered.stream().anyMatch(protocol -> protocol.toLowerCase(Locale.ROOT).contains("websocket"))) throw Refusal.noUpgrade();
    }

    private void relay(Client client, Exchange exchange, Credentials credentials, Upstream.Remote remote, Reservation reserved)
            throws IOException {
        if (!(remote.access() instanceof Access.Gateway)) exchange.wire().adapt(exchange);
        watch.during(client, exchange.body(),
                () -> metered(exchange, credentials.caller(), reserved, () -> relay.relay(exchange, credentials, remote)));
    }

    private interface Call<E extends Exception> {
        void make() throws E;
    }

    private static <E extends Exception> void metered(Exchange exchange, Caller caller, Reservation reserved, Call<E> call) throws E {
        var complete = false;
        exchange.metered().ifPresent(metered -> metered.begin(exchange, caller));
        try {
            call.make();
            complete = true;
        } catch (Refusal refusal) {
            exchange.refuse(refusal);
            complete = true;
        } finally {
            // First what it cost, then what was kept back for it.
            try (reserved) {
                if (exchange.metered().isPresent()) exchange.metered().get().end(complete);
            }
        }
    }

    /// Lets a call in as far as the budgets allow. What costs nothing is never held back: a list of models, a count of tokens,
    /// what the demo model answers.
    ///
    /// @return what is kept back for it until it is over
    private Reservation admitted(Exchange exchange, Caller caller, Upstream upstream) throws IOException {
        if (admission.isEmpty() || upstream instanceof Upstream.Demo || !ExpectedUse.isCharged(exchange)) return Reservation.NONE;
        var agent = Metered.agent(exchange.request().headers());
        if (!admission.get().concerns(caller.name(), agent)) return Reservation.NONE;
        var expected = ExpectedUse.of(exchange);
        exchange.metered().ifPresent(looks -> looks.expects(expected.usage()));
        var provider = exchange.provider();
        return switch (admission.get().admit(new Admission.Request(provider.name(), provider.type().label(), expected.model(), caller.name(), agent, expected.usage()))) {
            case Verdict.Spent(var message, var reset) -> throw Refusal.overBudget(message, reset);
            case Verdict.Busy(var message) -> throw Refusal.budgetBusy(message);
            case Verdict.NoPrice(var message) -> throw Refusal.noPrice(message);
            case Verdict.Open(var warnings, var reserved) -> {
                warnings.forEach(warning -> exchange.response().headers().add(HeaderValues.create(WARNING, Answers.ascii(warning))));
                yield reserved;
            }
        };
    }

    /// Clients ask for the base URL to see whether somebody is there.
    private static void probe(Exchange exchange) {
        if (!exchange.request().prologue().method().equals(Method.HEAD)) {
            throw Refusal.notFound("the path ends with the provider");
        }
        exchange.response().send();
    }
}
