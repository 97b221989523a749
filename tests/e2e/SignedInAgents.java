package tests.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.IssuedTokens;

/// A machine whose user is signed in to an environment: it has the config and credentials that `auth login`
/// writes.
///
///     SignedInAgents.to(gateway.url(), idp, machine);
public final class SignedInAgents {
    private SignedInAgents() {}

    public static IssuedTokens to(String gatewayUrl, FakeIdentityProvider idp, Machine machine) throws IOException {
        var tokens = idp.signIn();
        machine.write("home/.rpai/config", """
                current: test
                profiles:
                  test:
                    organization: org_123
                    ai_gateway_url: %s
                    auth_mode: device
                cloud:
                  issuer: %s
                  api_url: %s
                """.formatted(gatewayUrl, idp.issuer(), idp.apiUrl()));
        var credentials = machine.write("home/.rpai/credentials", """
                {"org_123": {"access_token": "%s", "refresh_token": "%s", "issuer": "%s", "signed_in_at": 1}}
                """.formatted(
                tokens.accessToken(), tokens.refreshToken(), idp.issuer().replaceAll("/+$", "")));
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        return tokens;
    }
}
