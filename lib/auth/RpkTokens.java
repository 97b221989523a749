package lib.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import lib.base.Host;
import lib.base.Remedy;
import lib.base.UserError;

/// The sign-in that rpk keeps in its `rpk.yaml`, read and never written: `rpk` itself renews it.
///
///     new RpkTokens(host).atLeast(Duration.ofMinutes(1))
///
/// @see <a href="https://docs.redpanda.com/current/reference/rpk/rpk-x-options/">rpk's configuration</a>
record RpkTokens(Host host) implements Tokens {
    private static final Remedy SIGN_IN = Remedy.run("rpk cloud login");

    @Override
    public Optional<AccessToken> atLeast(Duration leeway) {
        var file = file();
        host.trace()
                .log(() -> "gateway token: rpk's own, from %s (%s)"
                        .formatted(file, host.variable("RPK_CONFIG").isPresent() ? "RPK_CONFIG" : "its usual place"));
        var yaml = read(file);
        // If rpk names the sign-in in use, another organisation's token is no substitute.
        var token = StreamSupport.stream(yaml.path("cloud_auth").spliterator(), false)
                .filter(a -> !a.path("auth_token").asText("").isBlank())
                .filter(a -> isCurrent(yaml.path("current_cloud_auth_org_id"), a.path("org_id"))
                        && isCurrent(yaml.path("current_cloud_auth_kind"), a.path("kind")))
                .findFirst()
                .map(a -> AccessToken.parse(a.path("auth_token").asText()))
                .orElseThrow(() ->
                        new UserError("no usable gateway token (rpk is not signed in, %s)".formatted(file), SIGN_IN));
        if (!token.outlives(host.clock().instant()))
            throw new UserError("no usable gateway token (rpk's has expired)", SIGN_IN);
        return Optional.of(token);
    }

    @Override
    public Optional<AccessToken> replacing(AccessToken refused) {
        throw new UserError("the gateway refused rpk's token", SIGN_IN);
    }

    @Override
    public boolean renewable() {
        return true;
    }

    private static boolean isCurrent(JsonNode current, JsonNode own) {
        return current.asText("").isEmpty() || current.asText("").equals(own.asText(""));
    }

    private Path file() {
        var mac = host.home().resolve("Library/Application Support/rpk/rpk.yaml");
        var other = host.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .orElse(host.home().resolve(".config"))
                .resolve("rpk/rpk.yaml");
        return host.variable("RPK_CONFIG").map(host.cwd()::resolve).orElse(Files.exists(mac) ? mac : other);
    }

    private static JsonNode read(Path file) {
        try {
            return new YAMLMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            // The exception's own text is left out: a parser quotes the file, and the file holds tokens.
            var why = Files.exists(file) ? "cannot be read as YAML" : "does not exist";
            throw new UserError("no usable gateway token (rpk's configuration %s %s)".formatted(file, why), SIGN_IN);
        }
    }
}
