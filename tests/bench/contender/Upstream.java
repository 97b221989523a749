package tests.bench.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.regex.Pattern;
import lib.startup.Jdk;

/// The model behind all gateways, in a process of its own: one thread, one script. A request whose body says
/// `sse-500-2` gets 500 events, one each 2 ms, any other a small JSON answer. It prints its port.
public final class Upstream {
    private static final Pattern STREAM = Pattern.compile("sse-(\\d+)-(\\d+)");
    private static final byte[] SMALL = answer("""
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"message":\
            {"role":"assistant","content":"Hello there, how may I help you today?"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21}}""");
    private static final byte[] STREAMED =
            bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static final byte[] EVENT = chunk("""
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench",\
            "choices":[{"index":0,"delta":{"content":"some words "},"finish_reason":null}]}

            """);
    private static final byte[] END = bytes("0\r\n\r\n");

    private final ByteBuffer input = ByteBuffer.allocateDirect(64 * 1024);
    private final PriorityQueue<Client> streaming = new PriorityQueue<>(Comparator.comparingLong(client -> client.due));
    private final Selector selector = Selector.open();

    private Upstream() throws IOException {}

    private static final class Client {
        final Message request = new Message(true);
        final SocketChannel channel;
        ByteBuffer unsent = ByteBuffer.allocate(0);
        int events;
        long pace;
        long due;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        /// Returns whether everything was sent; a client that does not read delays only itself.
        boolean write(byte[] bytes) throws IOException {
            if (unsent.hasRemaining()) channel.write(unsent);
            if (unsent.hasRemaining()) return false;
            unsent = ByteBuffer.wrap(bytes);
            channel.write(unsent);
            return true;
        }
    }

    /// One in a process of its own, which prints its port.
    public static Process start() throws IOException {
        return Programs.start(new ProcessBuilder(
                        Jdk.current().java().toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Upstream.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    public static void main(String... args) throws IOException {
        new Upstream().serve();
    }

    private void serve() throws IOException {
        var server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(server.socket().getLocalPort());
        while (true) {
            // Rounded up: spinning until an event is due would take the processor from its receiver.
            long wait = streaming.isEmpty() ? 60_000 : (streaming.peek().due - System.nanoTime() + 999_999) / 1_000_000;
            if (wait > 0) selector.select(key -> ready(server, key), wait);
            else selector.selectNow(key -> ready(server, key));
            while (!streaming.isEmpty() && streaming.peek().due <= System.nanoTime()) stream(streaming.poll());
        }
    }

    private void ready(ServerSocketChannel server, SelectionKey key) {
        try {
            if (key.isAcceptable()) accept(server);
            else read((Client) key.attachment());
        } catch (IOException gone) {
            key.cancel();
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        for (SocketChannel client; (client = server.accept()) != null; ) {
            client.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ, new Client(client));
        }
    }

    private void read(Client client) throws IOException {
        input.clear();
        if (client.channel.read(input) < 0) {
            streaming.remove(client);
            client.channel.close();
            return;
        }
        input.flip();
        if (!client.request.read(input)) return;
        var stream = STREAM.matcher(client.request.body());
        if (stream.find()) {
            client.events = Integer.parseInt(stream.group(1));
            client.pace = Long.parseLong(stream.group(2)) * 1_000_000;
            client.due = System.nanoTime();
            client.write(STREAMED);
            stream(client);
        } else {
            client.write(SMALL);
        }
        client.request.reset();
    }

    private void stream(Client client) {
        try {
            if (client.write(client.events > 0 ? EVENT : END)) client.events--;
            client.due += client.pace;
            if (client.events >= 0) streaming.add(client);
        } catch (IOException gone) {
            // Its key goes with the channel.
        }
    }

    private static byte[] answer(String json) {
        return bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                + "\r\n\r\n" + json);
    }

    private static byte[] chunk(String text) {
        return bytes(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
