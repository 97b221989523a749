package tests.gateway.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.exchange.CallListener;
import lib.gateway.upstream.Upstream;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// A provider that asks its upstream what a streamed chat used: the client gets what it would get without.
class StreamUsageTest {
    private static final String SAID =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\u00e4 \\\"prompt_tokens\\\" "
                    + "b\"}}],\"usage\":null}\n\n"
                    + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
    private static final String USED =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":3,\"total_tokens\":11}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static final int LARGE = 200_000;

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"stream\":true,\"model\":\"m\"} | {\"stream_options\":{\"include_usage\":true},"
                        + "\"stream\":true,\"model\":\"m\"}",
                "{ \"a\" : 1.0, \"stream\":true } | {\"stream_options\":{\"include_usage\":true}, \"a\" "
                        + ": 1.0, \"stream\":true }",
                "{\"stream\":true,\"stream_options\": null,\"b\":2} | {\"stream\":true,"
                        + "\"stream_options\": {\"include_usage\":true},\"b\":2}",
                "{\"stream_options\":{\"include_usage\":false,\"x\":[1]},\"stream\":true} | "
                        + "{\"stream_options\":{\"include_usage\":true,\"x\":[1]},\"stream\":true}"
            })
    void theUpstreamIsAskedAndTheClientGetsNoMoreForIt(String request, String sent) throws Exception {
        try (var upstream = streaming(SAID + USED + DONE);
                var gateway = asking(upstream.url())) {
            var answer = post(gateway, request);

            assertEquals(sent.strip(), new String(upstream.received().body(), StandardCharsets.UTF_8));
            assertEquals(SAID + DONE, answer);
            var call = next();
            assertEquals(new Usage(8, 3, 0, 0, 0, 0), call.usage());
            assertEquals(Measured.MEASURED, call.measured());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":false}",
                "{\"model\":\"m\"}",
                "[{\"stream\":true}]",
                "no JSON, \"stream\":true"
            })
    void aClientThatAsksForUsageOrDoesNotStreamGetsTheUpstreamsAnswer(String request) throws Exception {
        try (var upstream = streaming(SAID + USED + DONE);
                var gateway = asking(upstream.url())) {
            assertEquals(SAID + USED + DONE, post(gateway, request));
            assertEquals(request, new String(upstream.received().body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void withoutTheSettingTheRequestIsLeftUnchanged() throws Exception {
        try (var upstream = streaming(SAID + DONE);
                var gateway = gateway(upstream.url(), false)) {
            assertEquals(SAID + DONE, post(gateway, "{\"stream\":true}"));
            assertEquals("{\"stream\":true}", new String(upstream.received().body(), StandardCharsets.UTF_8));
            assertEquals(Measured.UNMEASURED, next().measured());
        }
    }

    /// Written byte by byte, with lines that end as HTTP's do, and with an event that is not whole.
    @Test
    void onlyTheUsageIsRemovedHoweverTheStreamIsSplit() throws Exception {
        var events = (SAID + USED + DONE).replace("\n", "\r\n") + "data: the rest";
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n");
                    for (var b : events.getBytes(StandardCharsets.UTF_8)) call.write(new byte[] {b});
                });
                var gateway = asking(upstream.url())) {
            assertEquals(events.replace(USED.replace("\n", "\r\n"), ""), post(gateway, "{\"stream\":true}"));
        }
    }

    @Test
    void anEventPassesAsSoonAsItIsComplete() throws Exception {
        try (var upstream = new FakeUpstream(call -> {
                    call.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                    call.write(SAID.getBytes(StandardCharsets.UTF_8));
                    call.awaitHangUp();
                });
                var gateway = asking(upstream.url())) {
            var request = gateway.request("openai/v1/chat/completions")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"stream\":true}"));
            try (var answer = gateway.stream(request).body()) {
                var said = SAID.getBytes(StandardCharsets.UTF_8);
                assertEquals(SAID, new String(answer.readNBytes(said.length), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void anEventThatIsLargerThanAnyUsagePasses() throws Exception {
        var large = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"x\":\"" + "x".repeat(LARGE) + "\"}\n\n";
        try (var upstream = streaming(large + USED + DONE);
                var gateway = asking(upstream.url())) {
            assertEquals(
                    (large + DONE).substring(LARGE),
                    post(gateway, "{\"stream\":true}").substring(LARGE));
        }
    }

    private static String post(TestGateway gateway, String request) throws Exception {
        var answer = gateway.send(gateway.request("openai/v1/chat/completions")
                .header("Content-Type", "application/json")
                .header("Accept-Encoding", "gzip")
                .POST(BodyPublishers.ofString(request)));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private Call next() throws InterruptedException {
        var call = calls.poll(2, TimeUnit.MINUTES);
        assertTrue(call != null, "no call was told");
        return call;
    }

    private TestGateway asking(URI upstream) {
        return gateway(upstream, true);
    }

    private TestGateway gateway(URI upstream, boolean asks) {
        var provider =
                Provider.of("openai", ProviderType.OPENAI).withOption(Provider.Option.REQUEST_STREAM_USAGE, asks);
        return TestGateway.with(
                config -> config.withCallListener(new CallListener(calls::add, () -> Instant.EPOCH)),
                new HostedProvider(provider, Upstream.keyed(ProviderType.OPENAI, upstream, new Secret("k"))));
    }

    private static FakeUpstream streaming(String events) throws Exception {
        var bytes = events.getBytes(StandardCharsets.UTF_8);
        return new FakeUpstream(call -> {
            call.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\nContent-Length: "
                    + bytes.length + "\r\n\r\n");
            call.write(bytes);
        });
    }
}
