package lib.gateway.upstream;

import java.io.IOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Opens a tunnel through an HTTP proxy to a host.
///
///     ProxyTunnel.to("api.anthropic.com", 443, proxy, Optional.empty())
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6">RFC 9110, CONNECT</a>
final class ProxyTunnel {
    private static final int LARGEST_HEAD = 16 * 1024;

    private ProxyTunnel() {}

    /// The answer of a proxy that does not open a tunnel.
    static final class Refused extends IOException {
        private final int status;

        Refused(int status) {
            super("the proxy answered HTTP " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /// Returns a connection to the host.
    ///
    /// @param passwords the source of the proxy's password, asked if the proxy wants one
    /// @throws Refused if the proxy does not open a tunnel
    static Socket to(String host, int port, Proxy proxy, Optional<Authenticator> passwords) throws IOException {
        var address = (InetSocketAddress) proxy.address();
        var status = 0;
        for (var credentials : List.of("", credentials(address, passwords))) {
            if (status == 407 && credentials.isEmpty()) break;
            var socket = Http1Connection.connected(address.getHostString(), address.getPort(), HostLookup.ANYWHERE);
            try {
                status = ask(socket, host.contains(":") ? "[" + host + "]:" + port : host + ":" + port, credentials);
                if (status / 100 == 2) return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            socket.close();
            if (status != 407) break;
        }
        throw new Refused(status);
    }

    private static int ask(Socket socket, String authority, String credentials) throws IOException {
        socket.setSoTimeout(UpstreamTimeouts.connectMillis());
        var head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n" + credentials + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        var answer = new StringBuilder();
        // Read byte by byte: bytes after the head come from the host.
        while (answer.length() < LARGEST_HEAD) {
            int next = socket.getInputStream().read();
            if (next < 0) throw new ConnectException("the proxy ended the connection");
            answer.append((char) next);
            if (next == '\n' && (endsWith(answer, "\r\n\r\n") || endsWith(answer, "\n\n")))
                return Http1Head.of(answer.toString().stripTrailing() + "\r\n").status();
        }
        throw Http1Head.malformed();
    }

    private static boolean endsWith(StringBuilder text, String end) {
        return text.length() >= end.length()
                && text.substring(text.length() - end.length()).equals(end);
    }

    private static String credentials(InetSocketAddress proxy, Optional<Authenticator> passwords) {
        if (passwords.isEmpty()) return "";
        PasswordAuthentication password = Authenticator.requestPasswordAuthentication(
                passwords.get(),
                proxy.getHostString(),
                null,
                proxy.getPort(),
                "http",
                "",
                "basic",
                null,
                Authenticator.RequestorType.PROXY);
        if (password == null) return "";
        var pair = password.getUserName() + ":" + new String(password.getPassword());
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
                + "\r\n";
    }
}
