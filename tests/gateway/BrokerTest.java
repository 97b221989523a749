package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.errorMessage;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.base.UserError;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import lib.usage.Call;
import org.junit.jupiter.api.Test;

/// A gateway in front of another one.
class BrokerTest {
    @Test
    void everyRequestCarriesTheTokenOfItsMoment() throws Exception {
        var asked = new AtomicInteger();
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(
                        relayed(upstream, false, () -> Optional.of(new Secret("token-" + asked.incrementAndGet()))))) {
            gateway.post("far/v1/messages", "{}");
            gateway.post("far/v1/messages", "{}");

            assertEquals(List.of("Bearer token-1"), upstream.received().header("authorization"));
            assertEquals(List.of("Bearer token-2"), upstream.received().header("authorization"));
        }
    }

    @Test
    void besideAPassedLoginTheTokenHasItsOwnHeader() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(relayed(upstream, true, () -> Optional.of(new Secret("real"))))) {
            gateway.send(gateway.anonymous("/llm/v1/providers/far/v1/messages")
                    .header("Authorization", "Bearer mine")
                    .header("X-Redpanda-Cloud-Token", TestGateway.TOKEN)
                    .POST(BodyPublishers.ofString("{}")));

            var call = upstream.received();
            assertEquals(List.of("Bearer mine"), call.header("authorization"));
            assertEquals(List.of("real"), call.header("x-redpanda-cloud-token"));
        }
    }

    @Test
    void thePathIsPassedOnUnchanged() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(new HostedProvider(
                        TestGateway.provider("far", ProviderType.OPENAI),
                        Upstream.gateway(upstream.url().resolve("/llm/v1/providers/far"), Optional::empty)))) {
            gateway.post("far/v1/responses?a=b", "{}");

            assertEquals(
                    "POST /llm/v1/providers/far/v1/responses?a=b HTTP/1.1",
                    upstream.received().line());
        }
    }

    @Test
    void withoutASignInTheErrorNamesTheCommandToRun() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(relayed(upstream, false, () -> {
                    throw new UserError("not signed in", "run rpkai auth login");
                }))) {
            var answer = gateway.send(gateway.request("far/v1/messages")
                    .header("User-Agent", "claude-cli/2.1.330")
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(402, answer.statusCode());
            assertEquals("not signed in: run rpkai auth login", errorMessage(answer));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void theDemoModelOfAnotherGatewayIsFreeHereToo() throws Exception {
        var calls = new LinkedBlockingQueue<Call>();
        try (var far = TestGateway.serving(TestGateway.demo());
                var gateway = TestGateway.with(
                        config -> config.withCallListener(new CallListener(calls::add, InstantSource.system())),
                        new HostedProvider(
                                TestGateway.provider("far", ProviderType.ANTHROPIC),
                                Upstream.gateway(
                                        far.url().resolve("/llm/v1/providers/demo"),
                                        () -> Optional.of(new Secret(TestGateway.TOKEN)))))) {
            gateway.post(
                    "far/v1/messages",
                    "{\"model\":\"claude-opus-5-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\","
                            + "\"content\":\"hi\"}]}");

            assertTrue(calls.poll(2, TimeUnit.MINUTES).isDemo());
        }
    }

    @Test
    void noOtherUpstreamCanMarkItsAnswersAsFree() throws Exception {
        var calls = new LinkedBlockingQueue<Call>();
        try (var upstream = new FakeUpstream(call -> call.write(
                        "HTTP/1.1 200 OK\r\nX-Rpkai-Demo: true\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
                var gateway = TestGateway.with(
                        config -> config.withCallListener(new CallListener(calls::add, InstantSource.system())),
                        TestGateway.anthropic(upstream.url()))) {
            assertEquals(200, gateway.post("anthropic/v1/messages", "{}").statusCode());

            assertFalse(calls.poll(2, TimeUnit.MINUTES).isDemo());
        }
    }

    private static HostedProvider relayed(
            FakeUpstream upstream, boolean passthrough, Supplier<Optional<Secret>> token) {
        var provider = Provider.of("far", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, passthrough);
        return new HostedProvider(provider, Upstream.gateway(upstream.url(), token));
    }
}
