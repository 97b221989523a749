package tests.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.identity.FakeIdentityProvider;

/// A machine that is signed in to a gateway with those providers, which takes what its identity provider issues.
///
///     try (var it = SignedInMachine.to(temp, ProviderJson.anthropic("claude"))) { it.machine().start("run", "claude",
///             "-L", "claude"); }
public record SignedInMachine(Machine machine, FakeIdentityProvider idp, FakeGateway gateway) implements AutoCloseable {
    public static SignedInMachine to(Path temp, ObjectNode... providers) throws IOException {
        var idp = FakeIdentityProvider.start();
        var gateway = FakeGateway.start().tokens(idp::isValid);
        for (var provider : providers) gateway.provider(provider);
        var it = new SignedInMachine(new Machine(temp), idp, gateway);
        it.signIn();
        return it;
    }

    /// Anew, with tokens as the identity provider issues them now.
    public void signIn() throws IOException {
        SignedInAgents.to(gateway.url(), idp, machine);
    }

    @Override
    public void close() {
        gateway.close();
        idp.close();
    }
}
