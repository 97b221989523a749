package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.INVOKER_TOKEN;
import static tests.gateway.TestGateway.NO_ROLE_TOKEN;
import static tests.gateway.TestGateway.TOKEN;
import static tests.gateway.TestGateway.errorMessage;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// Providers whose callers bring their own upstream credential.
class PassthroughTest {
    private static final String OWN = "Bearer sk-ant-oat01-mine";

    @Test
    void theCallersAuthorizationGoesUpstreamUnchangedAndTheGatewayTokenNever() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(passthrough(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("Authorization", OWN)
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .header("x-api-key", "stale")
                    .header("x-echo", "is " + TOKEN)
                    .POST(BodyPublishers.ofString("{}")));

            var call = upstream.received();
            assertEquals(200, answer.statusCode());
            assertEquals(List.of(OWN), call.header("authorization"));
            assertEquals(List.of(), call.header("x-redpanda-cloud-token"));
            assertEquals(List.of(), call.header("x-api-key"));
            assertFalse(
                    String.join("\n", call.headers()).contains(TOKEN),
                    call.headers().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OWN, "Bearer " + TOKEN})
    void withoutATokenInItsHeaderTheErrorNamesTheHeader(String authorization) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(passthrough(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("Authorization", authorization)
                    .header("x-api-key", TOKEN)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(400, answer.statusCode());
            assertEquals(
                    "authorization passthrough requires gateway authentication in X-Redpanda-Cloud-Token",
                    errorMessage(answer));
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void theGatewayTokenIsNotTakenForTheCallersOwn() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(passthrough(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(400, answer.statusCode());
            assertFalse(answer.body().contains(TOKEN), answer.body());
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {INVOKER_TOKEN, NO_ROLE_TOKEN})
    void noOtherTokenOfThisGatewayIsTakenForTheCallersOwn(String other) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(passthrough(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("Authorization", "Bearer " + other)
                    .header("X-Redpanda-Cloud-Token", TOKEN)
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(400, answer.statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void aBadGatewayTokenIsNoGatewayToken() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(passthrough(upstream.url()))) {
            var answer = gateway.send(gateway.anonymous("/llm/v1/providers/mine/v1/messages")
                    .header("Authorization", OWN)
                    .header("X-Redpanda-Cloud-Token", "stale")
                    .POST(BodyPublishers.ofString("{}")));

            assertEquals(401, answer.statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    private static HostedProvider passthrough(URI upstream) {
        return new HostedProvider(
                Provider.of("mine", ProviderType.ANTHROPIC).withOption(Provider.Option.PASSTHROUGH, true),
                Upstream.passthrough(upstream));
    }
}
