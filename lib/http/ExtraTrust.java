package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import lib.base.Host;

/// Trusts a company's own certificate authority in addition to those of the JVM: the PEM files of `SSL_CERT_FILE`
/// and `NODE_EXTRA_CA_CERTS`. Agents read the same variables, so one setting serves both.
///
/// The files are read only if the JVM's own trust rejects a certificate, because parsing a bundle takes longer
/// than most commands.
///
///     ExtraTrust.context(host).ifPresent(httpClient::sslContext);
final class ExtraTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager own;
    private final List<Path> files;
    /// Null until the JVM's own trust has rejected a certificate.
    private volatile Loaded loaded;

    private ExtraTrust(X509ExtendedTrustManager own, List<Path> files) {
        this.own = own;
        this.files = files;
    }

    /// Returns a context that trusts both; empty if no variable names a readable file.
    static Optional<SSLContext> context(Host host) {
        var files = Stream.of("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
                .flatMap(name -> host.variable(name).stream())
                .map(host.cwd()::resolve)
                .filter(Files::isReadable)
                .distinct()
                .toList();
        if (files.isEmpty()) return Optional.empty();
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ExtraTrust(managerOf(null), files)}, null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JVM has TLS and a default trust store", e);
        }
    }

    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    /// The authorities of the files, and the times at which the files were changed.
    private record Loaded(List<FileTime> changed, X509ExtendedTrustManager manager) {}

    private void check(Check check) throws CertificateException {
        // A rejection by the JVM's own trust takes long, and a gateway has many connections to the same hosts.
        if (loaded != null && passesByFiles(check)) return;
        try {
            check.by(own);
        } catch (CertificateException refused) {
            try {
                check.by(fromFiles());
            } catch (GeneralSecurityException | IOException e) {
                throw refused;
            }
        }
    }

    private boolean passesByFiles(Check check) {
        try {
            check.by(fromFiles());
            return true;
        } catch (GeneralSecurityException | IOException refused) {
            return false;
        }
    }

    private X509ExtendedTrustManager fromFiles() throws GeneralSecurityException, IOException {
        var changed = new ArrayList<FileTime>();
        for (var file : files) changed.add(Files.getLastModifiedTime(file));
        var known = loaded;
        if (known != null && known.changed.equals(changed)) return known.manager;
        var manager = read();
        loaded = new Loaded(changed, manager);
        return manager;
    }

    private X509ExtendedTrustManager read() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var factory = CertificateFactory.getInstance("X.509");
        for (var file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (var certificate : factory.generateCertificates(in)) {
                    store.setCertificateEntry("ca" + store.size(), certificate);
                }
            }
        }
        return managerOf(store);
    }

    private static X509ExtendedTrustManager managerOf(KeyStore storeOrDefault)
            throws GeneralSecurityException, IOException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(storeOrDefault);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        own.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        own.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        own.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return own.getAcceptedIssuers();
    }
}
