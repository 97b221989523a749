package lib.startup;

import java.net.http.HttpClient;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// A TLS context that reads nothing. It keeps the JDK's client from reading every certificate authority of the
/// machine before it speaks plain HTTP to a gateway on the same machine. Any use of TLS fails.
///
///     NoTls.of(HttpClient.newBuilder()).build()
public final class NoTls extends SSLContextSpi {
    private NoTls() {}

    /// Gives a client this context.
    public static HttpClient.Builder of(HttpClient.Builder client) {
        // With parameters of its own, the client does not ask the context for any.
        return client.sslContext(new SSLContext(new NoTls(), null, "none") {}).sslParameters(new SSLParameters());
    }

    private static IllegalStateException none() {
        return new IllegalStateException("this client speaks plain HTTP only");
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
            throws KeyManagementException {
        throw none();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        throw none();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        throw none();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        throw none();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        throw none();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        throw none();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        throw none();
    }
}
