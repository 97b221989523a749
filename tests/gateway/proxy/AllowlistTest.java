package tests.gateway.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.TestGateway.KEY;
import static tests.gateway.TestGateway.anthropic;
import static tests.gateway.TestGateway.openAi;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;
import lib.gateway.catalog.HostedProvider;
import lib.gateway.upstream.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.gateway.FakeUpstream;
import tests.gateway.TestGateway;

/// A list of models admits only known calls whose models can be read and are on the list.
public class AllowlistTest {
    private static final String GOOD = "{\"model\": \"gpt-a\"}";
    private static final String BAD = "{\"model\": \"gpt-b\"}";

    @ParameterizedTest
    @CsvSource({
        "POST, v1/fine_tuning/jobs",
        "POST, v1/realtime/sessions",
        "POST, api/generate",
        "POST, v1/Responses",
        "POST, v1//responses",
        "POST, /v1/responses",
        "POST, v1/responses/",
        "PUT, v1/responses",
        "PATCH, v1/chat/completions",
        "DELETE, v1/models/gpt-a",
        "GET, v1/vector_stores",
        "POST, v1/v1/responses",
        "POST, deployments/gpt-b/chat/completions"
    })
    void aCallThatIsNotKnownDoesNotPassUntilAnAdministratorLetsIt(String method, String path) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            var answer = send(gateway, method, "openai/" + path, "", "", GOOD.getBytes(StandardCharsets.UTF_8));

            assertEquals(403, answer.statusCode());
            assertTrue(
                    answer.body().contains("model_not_allowed")
                            && answer.body().contains("rpkai llm update openai --allow-unknown-paths"),
                    answer.body());
            assertTrue(upstream.receivedNothing());
        }
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(lenient(upstream.url()))) {
            assertEquals(
                    200,
                    send(gateway, method, "openai/" + path, "", "", GOOD.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
            assertEquals(
                    403,
                    send(gateway, method, "openai/" + path, "", "", BAD.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, v1/models",
        "GET, models?client_version=1",
        "GET, v1/models/org/name-1",
        "HEAD, v1/models",
        "GET, v1/files/f-1/content",
        "DELETE, v1/files/f-1",
        "GET, v1/responses/r_1",
        "POST, v1/responses/r_1/cancel",
        "GET, v1/batches"
    })
    void aCallThatRunsNoModelPassesWithoutOne(String method, String path) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    200,
                    send(gateway, method, "openai/" + path, "", "", new byte[0]).statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "application/json; charset=utf-8, 200",
        "text/plain, 200",
        "application/vnd.x+json, 200",
        "'', 200",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data; boundary=x, 415",
        "application/json; charset=utf-16, 415",
        "application/json; charset=ibm037, 415",
        "application/x-protobuf, 415",
        "'application/json, multipart/form-data; boundary=x', 415",
        "application/octet-stream, 415"
    })
    void jsonHasATypeOfJson(String type, int status) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    status,
                    send(gateway, "POST", "openai/v1/responses", type, "", GOOD.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
            assertEquals(status != 200, upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
    void jsonIsInUtf8(String charset) throws Exception {
        assertRefused(BAD.getBytes(Charset.forName(charset)));
        assertRefused(GOOD.getBytes(Charset.forName(charset)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeff{\"model\": \"gpt-a\"}",
                "{\"model\": \"gpt-a\", /* */ \"x\": 1}",
                "{\"model\": \"gpt-a\", \"x\": NaN}",
                "{'model': 'gpt-a'}",
                "{model: \"gpt-a\"}",
                "{\"model\": \"gpt-a\",}",
                "{\"model\": \"gpt-a\"}{\"model\": \"gpt-b\"}",
                "{\"model\": \"gpt-a\"}\0",
                "{\"model\": [\"gpt-a\"]}",
                "{\"model\": null}",
                "{\"model\": \"gpt-a\", \"x\": 01}"
            })
    void aBodyThatServersReadDifferentlyIsABadRequest(String body) throws Exception {
        assertRefused(body.getBytes(StandardCharsets.UTF_8));
    }

    /// `o` as two bytes, which is no UTF-8: some servers read it as `o`.
    @Test
    void overlongUtf8IsABadRequest() throws Exception {
        assertRefused("{\"model\": \"gpt-a\", \"m\u00c1\u00afdel\": \"gpt-b\"}".getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "x-gzip, gzip", "gzip, members", "deflate, zlib"})
    void aCompressedBodyIsReadAndPassedOnUnchanged(String coding, String format) throws Exception {
        var good = packed(format, GOOD);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    403,
                    send(gateway, "POST", "openai/v1/responses", "application/json", coding, packed(format, BAD))
                            .statusCode());
            assertTrue(upstream.receivedNothing());
            assertEquals(
                    200,
                    send(gateway, "POST", "openai/v1/responses", "application/json", coding, good)
                            .statusCode());

            var call = upstream.received();
            assertArrayEquals(good, call.body());
            assertEquals(List.of(coding), call.header("content-encoding"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "br, plain, 415",
        "zstd, plain, 415",
        "compress, plain, 400",
        "'gzip, gzip', gzip, 400",
        "'identity, gzip', gzip, 400",
        "gzip, plain, 400",
        "gzip, zlib, 400",
        "deflate, raw, 400",
        "deflate, gzip, 400",
        "'', gzip, 400",
        "identity, gzip, 400",
        "gzip, twice, 400",
        "gzip, cut, 400",
        "gzip, followed, 400",
        "deflate, followed, 400"
    })
    void aBodyThatContradictsItsEncodingDoesNotPass(String coding, String format, int status) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    status,
                    send(gateway, "POST", "openai/v1/responses", "application/json", coding, packed(format, GOOD))
                            .statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "deflate, zlib"})
    void aBodyThatUnpacksToTooMuchIsTooLarge(String coding, String format) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            var bomb = packed(format, "{\"model\": \"gpt-a\", \"x\": \"" + " ".repeat(33 << 20) + "\"}");

            assertTrue(bomb.length < 100_000);
            assertEquals(
                    413,
                    send(gateway, "POST", "openai/v1/responses", "application/json", coding, bomb)
                            .statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v1/audio/transcriptions | form-data; name=\"model\" | gpt-a | 200",
                "v1/audio/transcriptions | form-data; name=\"model\" | gpt-b | 403",
                "v1/images/edits | form-data; name=model | gpt-a | 200",
                "v1/images/edits | form-data; name=\"Model\" | gpt-b | 403",
                "v1/images/edits | form-data; name=\"model[]\" | gpt-b | 403",
                "v1/images/edits | form-data; name=\"other\" | gpt-a | 400",
                "v1/images/edits | form-data; name=\"deployment\" | gpt-b | 403",
                "v1/images/edits | form-data; name=\"engine_id\" | gpt-b | 403",
                "v1/files | form-data; name=\"_charset_\" | utf-16 | 400",
                "v1/files | form-data; name=\"_method\" | DELETE | 400",
                "v1/images/edits | form-data; name=\"mod%65l\" | gpt-a | 400",
                "v1/images/edits | form-data; name=\"x\"; name=\"model\" | gpt-a | 400",
                "v1/images/edits | form-data; name=\"model\"; filename=\"f\" | gpt-a | 400",
                "v1/files | form-data; name=\"purpose\" | batch | 200",
                "v1/files | form-data; name=\"model\" | gpt-b | 403",
                "v1/responses | form-data; name=\"model\" | gpt-a | 415"
            })
    void theModelOfAFormIsReadWhereTheCallTakesForms(String path, String disposition, String model, int status)
            throws Exception {
        var form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
                + "Content-Type: audio/wav\r\n\r\nRIFF\r\n--x\r\nContent-Disposition: " + disposition + "\r\n\r\n"
                + model + "\r\n--x--\r\n";
        assertEquals(status, form(path, form), disposition);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--x\nContent-Disposition: form-data; name=\"model\"\n\ngpt-a\n--x--\n",
                "preamble\r\n--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-a\r\n--x--\r\n",
                "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-a\r\n--x--\r\n--x\r\n"
                        + "Content-Disposition: form-data; name=\"model\"\r\n\r\ngpt-b\r\n--x--\r\n",
                "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-a\n--x\n"
                        + "Content-Disposition: form-data; name=\"model\"\n\ngpt-b\r\n--x--\r\n",
                "--x\r\nContent-Disposition: form-data; name=\"model\"\r\nContent-Transfer-Encoding: "
                        + "base64\r\n\r\ngpt-a\r\n--x--\r\n",
                "--x\r\nContent-Disposition: form-data;\r\n name=\"model\"\r\n\r\ngpt-a\r\n--x--\r\n",
                "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-a\r\n"
            })
    void aFormThatIsReadInTwoWaysIsABadRequest(String form) throws Exception {
        assertEquals(400, form("v1/images/edits", form));
    }

    @Test
    void aBodyIsCheckedEvenOnACallThatTakesNone() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    403,
                    send(gateway, "GET", "openai/v1/models", "", "", BAD.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
            assertEquals(
                    403,
                    send(
                                    gateway,
                                    "POST",
                                    "openai/v1/responses?model=gpt-b",
                                    "",
                                    "",
                                    GOOD.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "engine",
                "engine_id",
                "deployment",
                "Deployment",
                "deployment_id",
                "deploymentName",
                "inferenceProfile",
                "inference_profile_arn",
                "modelArn",
                "model_group",
                "target_model",
                "base_model",
                "foundationModel",
                "model ",
                "model\\u0000",
                "model[]",
                "model.name",
                "\uff4dodel"
            })
    void aModelIsHeldAgainstTheListByWhateverNameAServerReadsIt(String name) throws Exception {
        var body = "{\"model\": \"gpt-a\", \"%s\": \"gpt-b\"}".formatted(name);
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    403,
                    send(
                                    gateway,
                                    "POST",
                                    "openai/v1/responses",
                                    "application/json",
                                    "",
                                    body.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void anEngineFieldElsewhereIsNotReadAsAModel() throws Exception {
        var body = "{\"model\": \"gpt-a\", \"plugins\": [{\"id\": \"web\", \"engine\": \"native\"}], "
                + "\"deployment\": {\"zone\": \"eu\"}, \"target_model\": null}";
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    200,
                    send(
                                    gateway,
                                    "POST",
                                    "openai/v1/responses",
                                    "application/json",
                                    "",
                                    body.getBytes(StandardCharsets.UTF_8))
                            .statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model=gpt-b",
                "engine=gpt-b",
                "deployment=gpt-b",
                "modelId=gpt-b",
                "x=1;model=gpt-b",
                "%256dodel=gpt-b",
                "model%00=gpt-b",
                "+model=gpt-b",
                "model.id=gpt-b"
            })
    void aModelInTheQueryIsHeldAgainstTheList(String query) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals("403", gateway.statusOfTarget("/llm/v1/providers/openai/v1/models?" + query));
            assertEquals(
                    "200",
                    gateway.statusOfTarget("/llm/v1/providers/openai/v1/models?" + query.replace("gpt-b", "gpt-a")));
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, '\ufeff%s'", "UTF-16, %s", "UTF-16LE, '\ufeff%s'", "UTF-8, '\ufeff [%s]'", "UTF-8, '[\n%s]'"})
    void aFileThatSomeServerTakesForJsonIsReadAsJson(String charset, String text) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(lenient(upstream.url()))) {
            assertEquals(
                    400,
                    send(
                                    gateway,
                                    "POST",
                                    "openai/v1/else",
                                    "application/octet-stream",
                                    "",
                                    text.formatted(BAD).getBytes(Charset.forName(charset)))
                            .statusCode());
            assertTrue(upstream.receivedNothing());
            assertEquals(
                    200,
                    send(
                                    gateway,
                                    "POST",
                                    "openai/v1/else",
                                    "application/octet-stream",
                                    "",
                                    "[section]".getBytes(Charset.forName(charset)))
                            .statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz|{}|0||", "13;x=\u0001|{\"model\": \"gpt-a\"} |0||", "5|{\"model\": \"gpt-a\"}|0||"})
    void invalidChunksAreABadRequest(String chunks) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"));
                var socket = gateway.sent(TestGateway.raw("POST", "/llm/v1/providers/openai/v1/responses")
                        + "Content-Type: application/json|Transfer-Encoding: chunked||" + chunks)) {
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("malformed or was cut off"), answer);
            assertTrue(upstream.receivedNothing());
        }
    }

    @Test
    void withoutAListAnythingBelowTheBaseUrlPasses() throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(anthropic(upstream.url()))) {
            assertEquals(
                    200,
                    send(
                                    gateway,
                                    "PUT",
                                    "anthropic/v9/whatever",
                                    "application/x-www-form-urlencoded",
                                    "br",
                                    "a=b".getBytes(StandardCharsets.UTF_8))
                            .statusCode());
        }
    }

    private static void assertRefused(byte[] body) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            assertEquals(
                    400,
                    send(gateway, "POST", "openai/v1/responses", "application/json", "", body)
                            .statusCode());
            assertTrue(upstream.receivedNothing());
        }
    }

    private static int form(String path, String form) throws Exception {
        try (var upstream = FakeUpstream.saying("ok");
                var gateway = TestGateway.serving(openAi(upstream.url(), "gpt-a"))) {
            return send(
                            gateway,
                            "POST",
                            "openai/" + path,
                            "multipart/form-data; boundary=x",
                            "",
                            form.getBytes(StandardCharsets.UTF_8))
                    .statusCode();
        }
    }

    private static HostedProvider lenient(URI upstream) {
        return new HostedProvider(
                Provider.of("openai", ProviderType.OPENAI)
                        .withModels(List.of("gpt-a"))
                        .withOption(Provider.Option.ALLOW_UNKNOWN_PATHS, true),
                Upstream.keyed(ProviderType.OPENAI, upstream, new Secret(KEY)));
    }

    private static HttpResponse<String> send(
            TestGateway gateway, String method, String path, String type, String coding, byte[] body) throws Exception {
        var request = gateway.request(path)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) request.header("Content-Type", type);
        if (!coding.isEmpty()) request.header("Content-Encoding", coding);
        return gateway.send(request);
    }

    public static byte[] packed(String format, String text) throws Exception {
        var out = new ByteArrayOutputStream();
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        switch (format) {
            case "gzip", "cut" -> pack(new GZIPOutputStream(out), bytes);
            case "twice" -> {
                pack(new GZIPOutputStream(out), bytes);
                pack(new GZIPOutputStream(out), BAD.getBytes(StandardCharsets.UTF_8));
            }
            case "members" -> {
                pack(new GZIPOutputStream(out), Arrays.copyOf(bytes, 4));
                pack(new GZIPOutputStream(out), Arrays.copyOfRange(bytes, 4, bytes.length));
            }
            case "followed" -> {
                pack(new GZIPOutputStream(out), bytes);
                out.writeBytes(bytes);
            }
            case "zlib" -> pack(new DeflaterOutputStream(out), bytes);
            case "raw" -> pack(new DeflaterOutputStream(out, new Deflater(9, true)), bytes);
            default -> out.writeBytes(bytes);
        }
        return format.equals("cut") ? Arrays.copyOf(out.toByteArray(), out.size() - 12) : out.toByteArray();
    }

    private static void pack(OutputStream packing, byte[] bytes) throws Exception {
        try (packing) {
            packing.write(bytes);
        }
    }
}
