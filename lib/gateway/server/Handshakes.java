package lib.gateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import lib.gateway.exchange.TrustedProxies;

/// Supervises the TLS handshakes in progress. Helidon reports a connection only after its handshake and waits for
/// that without a limit, so that a silent client would keep its place for ever.
///
///     var handshakes = new Handshakes(places, patrol::wake);
///     server.tls(Tls.builder().sslContext(handshakes.watched(context)).build());
public final class Handshakes {
    private final ConcurrentHashMap<SocketAddress, Handshake> open = new ConcurrentHashMap<>();
    private final ConnectionPlaces places;
    private final Runnable begun;

    /// @param places the places of which each handshake takes one
    /// @param begun the action to run for each new handshake
    Handshakes(ConnectionPlaces places, Runnable begun) {
        this.places = places;
        this.begun = begun;
    }

    private record Handshake(Socket socket, InetAddress address, String sender, long since, ClientDelay delay)
            implements WaitingConnection {
        @Override
        public int idleness() {
            return 0;
        }

        @Override
        public void hangUp() {
            try {
                socket.close();
            } catch (IOException e) {
                // The socket is closed already.
            }
        }
    }

    /// Returns the same TLS context, whose server sockets are supervised until [#end].
    public SSLContext watched(SSLContext context) {
        return new SSLContext(new Watching(context), context.getProvider(), context.getProtocol()) {};
    }

    /// Ends the supervision of a client's handshake; from then on its connection is supervised elsewhere.
    ///
    /// @return the connection below TLS; empty without TLS
    Optional<Socket> end(SocketAddress client) {
        var over = Optional.ofNullable(open.remove(client));
        over.ifPresent(places::leave);
        return over.map(Handshake::socket);
    }

    /// Closes handshakes in which the client takes longer than `limit` nanoseconds in total. Returns false if
    /// there are no handshakes.
    boolean endSlow(ClientDelay.Turn turn, long limit) {
        open.forEach((client, each) -> {
            if (each.socket.isClosed()) end(client);
            else if (each.delay.count(turn, each.since) > limit) each.hangUp();
        });
        return !open.isEmpty();
    }

    private final class Watching extends SSLContextSpi {
        private final SSLContext real;

        Watching(SSLContext real) {
            this.real = real;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("it is set up already");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Sockets(real.getSocketFactory());
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return real.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return real.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return real.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return real.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return real.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return real.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return real.getSupportedSSLParameters();
        }
    }

    private final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory real;

        Sockets(SSLSocketFactory real) {
            this.real = real;
        }

        /// Creates a socket in the way in which servers do it. Helidon asks for a socket that does not close the
        /// connection below it, and never closes that connection itself; each would stay open until its client
        /// closed it.
        @Override
        public Socket createSocket(Socket accepted, InputStream consumed, boolean autoClose) throws IOException {
            var handshake = new Handshake(
                    accepted,
                    accepted.getInetAddress(),
                    TrustedProxies.sender(accepted.getInetAddress()),
                    System.nanoTime(),
                    new ClientDelay());
            open.put(accepted.getRemoteSocketAddress(), handshake);
            begun.run();
            places.take(handshake);
            return real.createSocket(accepted, consumed, true);
        }

        @Override
        public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
            return real.createSocket(connected, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return real.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return real.createSocket(host, port, from, fromPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return real.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return real.createSocket(host, port, from, fromPort);
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return real.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return real.getSupportedCipherSuites();
        }
    }
}
