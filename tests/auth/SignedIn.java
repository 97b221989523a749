package tests.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.IssuedTokens;

/// Machines that were signed in to a fake identity provider before the test began.
///
///     var machine = SignedIn.machine(temp, idp);
///     machine.run("auth", "token").out()   // a token that idp issued, without a call
public final class SignedIn {
    private SignedIn() {}

    /// A machine that asks that provider, signed in to `org_123`.
    public static Machine machine(Path temp, FakeIdentityProvider idp) {
        var machine = configured(temp, idp);
        save(machine, idp, "org_123", idp.signIn());
        return machine;
    }

    /// The same with an access token that expired an hour ago.
    public static Machine expired(Path temp, FakeIdentityProvider idp) {
        var machine = configured(temp, idp);
        idp.lifetime(Duration.ofHours(-1));
        save(machine, idp, "org_123", idp.signIn());
        idp.lifetime(Duration.ofHours(1));
        return machine;
    }

    /// A machine that asks that provider, not signed in.
    public static Machine configured(Path temp, FakeIdentityProvider idp) {
        return new Machine(temp).with("RPAI_ISSUER", idp.issuer()).with("RPAI_CLOUD_API_URL", idp.apiUrl());
    }

    /// Adds an organisation's credentials; each sign-in is later than the one before.
    public static void save(Machine machine, FakeIdentityProvider idp, String organization, IssuedTokens tokens) {
        var all =
                Files.exists(file(machine)) ? (ObjectNode) credentials(machine) : new ObjectMapper().createObjectNode();
        all.putObject(organization)
                .put("access_token", tokens.accessToken())
                .put("refresh_token", tokens.refreshToken())
                .put("issuer", idp.issuer().replaceAll("/$", ""))
                .put("signed_in_at", 1_790_000_000L + all.size());
        machine.write("home/.rpai/credentials", all.toPrettyString());
    }

    /// The credentials file.
    public static Path file(Machine machine) {
        return machine.home().resolve(".rpai/credentials");
    }

    /// Returns the content of the credentials file.
    public static JsonNode credentials(Machine machine) {
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(file(machine)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
