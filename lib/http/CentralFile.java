package lib.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import lib.base.Host;
import lib.base.Remedy;
import lib.base.Sha256;
import lib.base.UserError;
import lib.terminal.Progress;

/// A file of Maven Central whose checksum is known, for what rpkai needs only on some machines.
///
///     new CentralFile("org/example/a/1.0/a-1.0.jar", "53c3da…").read("the library", host)
///
/// It is read from the local Maven repository if it is there. Otherwise it is fetched, from the mirror in
/// `JBANG_BOOTSTRAP_REPO` if there is one, as the bootstrap fetches JBang.
///
/// @param path its path in the repository
/// @param sha256 its checksum, in hexadecimal
public record CentralFile(String path, String sha256) {
    private static final String CENTRAL = "https://repo1.maven.org/maven2";
    private static final String MIRROR = "JBANG_BOOTSTRAP_REPO";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);

    /// Returns its content.
    ///
    /// @param what its name in messages, such as `SQLite's native library`
    /// @throws UserError if it can't be fetched, or if its checksum is another one
    public byte[] read(String what, Host host) {
        return local(host).orElseGet(() -> fetched(what, host));
    }

    /// The file in the local repository, if it is the right one.
    private Optional<byte[]> local(Host host) {
        var file = host.variable("JBANG_REPO")
                .map(Path::of)
                .orElse(host.home().resolve(".m2/repository"))
                .resolve(path);
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            return Optional.of(Files.readAllBytes(file)).filter(this::isRight);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private byte[] fetched(String what, Host host) {
        var repository = host.variable(MIRROR).orElse(CENTRAL).replaceFirst("/$", "");
        try (var _ = Progress.of(host).on("Fetching %s, once".formatted(what));
                var client = Http.plain(host)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build()) {
            var uri = URI.create(repository + "/" + path);
            var request = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT);
            // As curl does for a mirror's user:password@.
            if (uri.getUserInfo() instanceof String user)
                request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200)
                throw missing(what, "%s answers HTTP %d".formatted(Unreachable.origin(uri), answer.statusCode()), null);
            if (!isRight(answer.body()))
                throw missing(what, "the file from %s has another checksum".formatted(Unreachable.origin(uri)), null);
            return answer.body();
        } catch (IOException e) {
            var uri = URI.create(repository);
            var proxy = ProxyVariables.of(host).proxyFor(uri);
            var why = Unreachable.because(e, "Maven Central", uri, proxy);
            throw missing(what, why.getMessage(), e);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message quotes the URL, which may contain a password.
            throw missing(what, MIRROR + " is not the URL of a repository", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw missing(what, "interrupted", e);
        }
    }

    private static UserError missing(String what, String why, Exception cause) {
        return new UserError(
                "cannot fetch %s: %s".formatted(what, why),
                Remedy.advice("run this once with a network, or set %s to a mirror of Maven Central".formatted(MIRROR)),
                cause);
    }

    private boolean isRight(byte[] bytes) {
        return Sha256.hex(bytes).equals(sha256);
    }
}
