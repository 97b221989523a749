package tests.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.errorMessage;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import lib.Secret;
import lib.UserError;
import lib.gateway.HostedProvider;
import lib.gateway.Upstream;
import lib.providers.Provider;
import lib.providers.ProviderType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A gateway in front of another one.
@Timeout(30)
class BrokerTest {
    @Test
    void everyRequestCarriesTheTokenOfItsMoment() throws Exception {
        var asked = new AtomicInteger();
        try (var upstream = FakeUpstream.saying("ok"); var gateway = TestGateway.serving(relayed(upstream, false, () -> Optional.of(new Secret("token-" + asked.incrementAndGet()))))) {
            gateway.post("far/v1/messages", "{}");
            gateway.post("far/v1/messages", "{}");

            assertEquals(List.of("Bearer token-1"), upstream.received().header("authorization"));
            assertEquals(List.of("Bearer token-2"), upstream.received().header("authorization"));
        }
    }

    @Test
    void besideAPassedLoginTheTokenHasItsOwnHeader() throws Exception {
        try (var upstream = FakeUpstream.saying("ok"); var gateway = TestGateway.serving(relayed(upstream, true, () -> Optional.of(new Secret("real"))))) {
            gateway.send(gateway.anonymous("/llm/v1/providers/far/v1/messages").header("Authorization", "Bearer mine")
                    .header("X-Redpanda-Cloud-Token", TestGateway.TOKEN).POST(BodyPublishers.ofString("{}")));

            var call = upstream.received();
            assertEquals(List.of("Bearer mine"), call.header("authorization"));
            assertEquals(List.of("real"), call.header("x-redpanda-cloud-token"));
        }
    }

    @Test
    void thePathGoesOnAsItCame() throws Exception {
        try (var upstream = FakeUpstream.saying("ok"); var gateway = TestGateway.serving(new HostedProvider(
                TestGateway.provider("far", ProviderType.OPENAI), Upstream.gateway(upstream.url().resolve("/llm/v1/providers/far"), Optional::empty)))) {
            gateway.post("far/v1/responses?a=b", "{}");

            assertEquals("POST /llm/v1/providers/far/v1/responses?a=b HTTP/1.1", upstream.received().line());
        }
    }

    @Test
    void signedOutTheAnswerSaysWhatToRun() throws Exception {
        try (var upstream = FakeUpstream.saying("ok"); var gateway = TestGateway.serving(relayed(upstream, false, () -> {
            throw new UserError("not signed in", "run rpkai auth login");
        }))) {
            var answer = gateway.send(gateway.request("far/v1/messages").header("User-Agent", "claude-cli/2.1.330").POST(BodyPublishers.ofString("{}")));

            assertEquals(402, answer.statusCode());
            assertEquals("not signed in: run rpkai auth login", errorMessage(answer));
            assertTrue(upstream.receivedNothing());
        }
    }

    private static HostedProvider relayed(FakeUpstream upstream, boolean passthrough, Supplier<Optional<Secret>> token) {
        var provider = new Provider("far", "", ProviderType.ANTHROPIC, List.of(), true, "", passthrough);
        return new HostedProvider(provider, Upstream.gateway(upstream.url(), token));
    }
}
