package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import lib.base.Host;

/// Trusts a company's own certificate authority in addition to those of the JVM: the PEM files of `SSL_CERT_FILE`
/// and `NODE_EXTRA_CA_CERTS`. Agents read the same variables, so one setting serves both.
///
/// The files come first, and only the authorities that a chain of certificates names are parsed: each of the two
/// stores has more than a hundred, which take longer than most commands.
///
///     ExtraTrust.context(host, Optional.empty()).ifPresent(httpClient::sslContext);
final class ExtraTrust extends X509ExtendedTrustManager {
    private final List<Path> files;
    /// The trust of the JVM; null until it is needed.
    private X509ExtendedTrustManager own;
    /// Null until a certificate is checked.
    private volatile Loaded<PemAuthorities> named;
    /// Null until a certificate has been rejected otherwise.
    private volatile Loaded<X509ExtendedTrustManager> all;

    private ExtraTrust(List<Path> files) {
        this.files = files;
    }

    /// Returns a context that trusts both; empty if the JVM's own context does, because no variable names a readable
    /// file and there is no client certificate.
    ///
    /// @param key the client certificate
    static Optional<SSLContext> context(Host host, Optional<KeyManager> key) {
        var files = Stream.of("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
                .flatMap(name -> host.variable(name).stream())
                .map(host.cwd()::resolve)
                .filter(Files::isReadable)
                .distinct()
                .toList();
        if (files.isEmpty()) return key.map(own -> context(own, null));
        return Optional.of(context(key.orElse(null), new TrustManager[] {new ExtraTrust(files)}));
    }

    /// @param key the client certificate; null for none
    /// @param trust null for the JVM's own
    static SSLContext context(KeyManager key, TrustManager[] trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(key == null ? null : new KeyManager[] {key}, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has TLS", e);
        }
    }

    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private interface Reading<T> {
        T read() throws GeneralSecurityException, IOException;
    }

    /// What was read from the files, and the times at which they were changed.
    private record Loaded<T>(List<FileTime> changed, T content) {}

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        if (passes(check, () -> naming(chain))) return;
        try {
            check.by(own());
        } catch (CertificateException refused) {
            // A chain may spell the name of its authority differently, and a file need not be PEM.
            if (!passes(check, this::everyone)) throw refused;
        }
    }

    /// Trusts all authorities of the files.
    private X509ExtendedTrustManager everyone() throws GeneralSecurityException, IOException {
        all = current(all, this::readAll);
        return all.content();
    }

    private static boolean passes(Check check, Reading<X509ExtendedTrustManager> manager) {
        try {
            check.by(manager.read());
            return true;
        } catch (GeneralSecurityException | IOException refused) {
            return false;
        }
    }

    /// Returns what is known from the files, or reads it again if they have changed.
    private <T> Loaded<T> current(Loaded<T> known, Reading<T> reading) throws GeneralSecurityException, IOException {
        var changed = new ArrayList<FileTime>();
        for (var file : files) changed.add(Files.getLastModifiedTime(file));
        return known != null && known.changed.equals(changed) ? known : new Loaded<>(changed, reading.read());
    }

    /// Trusts the files' authorities that the chain names.
    ///
    /// @throws CertificateException if there is none
    private X509ExtendedTrustManager naming(X509Certificate[] chain) throws GeneralSecurityException, IOException {
        named = current(named, () -> PemAuthorities.read(distinctFiles()));
        var authorities = named.content().of(chain);
        if (authorities.isEmpty()) throw new CertificateException("no authority of that name");
        return trusting(authorities);
    }

    /// Returns the files, each once: both variables often name the same bundle, one of them by a link.
    private Set<Path> distinctFiles() throws IOException {
        var distinct = new LinkedHashSet<Path>();
        for (var file : files) distinct.add(file.toRealPath());
        return distinct;
    }

    private X509ExtendedTrustManager readAll() throws GeneralSecurityException, IOException {
        var all = new ArrayList<Certificate>();
        var factory = CertificateFactory.getInstance("X.509");
        for (var file : distinctFiles()) {
            try (InputStream in = Files.newInputStream(file)) {
                all.addAll(factory.generateCertificates(in));
            }
        }
        return trusting(all);
    }

    private static X509ExtendedTrustManager trusting(Collection<? extends Certificate> authorities)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var authority : authorities) store.setCertificateEntry("ca" + store.size(), authority);
        return managerOf(store);
    }

    private synchronized X509ExtendedTrustManager own() {
        try {
            if (own == null) own = managerOf(null);
            return own;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JVM has a default trust store", e);
        }
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
        check(chain, manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        own().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        own().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        own().checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return own().getAcceptedIssuers();
    }
}
