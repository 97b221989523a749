package lib.startup.shortcut;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Requests to a gateway in this process, as clients send them: small and large ones, answered with a document or
/// a stream.
///
///     new TrainingRequests(URI.create("http://127.0.0.1:43121/llm/v1/providers/demo"), "key").send();
///
/// They go over a plain socket, so that the cache gets no classes of a client.
record TrainingRequests(URI provider, String key) {
    private static final int LARGE = 300_000;

    void send() throws IOException {
        for (int size : new int[] {20, LARGE})
            for (var isStreamed : new boolean[] {false, true})
                exchange(request(
                        "POST", provider.getPath() + "/v1/messages", """
                        {"model":"claude-sonnet-4-5","max_tokens":9,"stream":%s,"messages":[{"role":"user",\
                        "content":"%s"}]}""".formatted(isStreamed, "x".repeat(size))));
    }

    /// Returns whether a path is answered with 200.
    boolean isOk(String path) throws IOException {
        var answer = new ByteArrayOutputStream();
        exchange(request("GET", path, ""), answer);
        return answer.toString(StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 200");
    }

    private String request(String method, String path, String body) {
        return ("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n"
                        + "Connection: close\r\n\r\n%s")
                .formatted(method, path, provider.getAuthority(), key, body.length(), body);
    }

    private void exchange(String request) throws IOException {
        exchange(request, OutputStream.nullOutputStream());
    }

    private void exchange(String request, OutputStream answer) throws IOException {
        try (var socket = new Socket(provider.getHost(), provider.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(answer);
        }
    }
}
