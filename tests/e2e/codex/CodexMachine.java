package tests.e2e.codex;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import lib.agents.codex.Codex;
import tests.e2e.Agents;
import tests.e2e.SignedInAgents;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.upstream.ProxyCall;

/// A machine with the real Codex, whose user is signed in to a gateway with an OpenAI provider; what every token
/// was that the gateway was shown, and how many of them were no good.
///
///     try (var codex = CodexMachine.signedIn(temp)) { codex.gateway.handle(…); codex.run("exec", "hi"); }
final class CodexMachine implements AutoCloseable {
    final Machine machine;
    final FakeIdentityProvider idp = FakeIdentityProvider.start();
    final FakeGateway gateway = FakeGateway.start().provider(ProviderJson.openai("openai"));
    final Set<String> seen = new ConcurrentSkipListSet<>();
    final AtomicInteger refused = new AtomicInteger();

    private CodexMachine(Path temp, Path program) {
        machine = new Machine(temp);
        Agents.use(Codex.BINARY, program, machine);
        // Codex warns of a home below the temporary folder, where the whole test is.
        machine.with("TMPDIR", temp.resolve("tmp").toString());
        temp.resolve("tmp").toFile().mkdir();
        gateway.tokens(token -> {
            if (!token.isEmpty()) seen.add(token);
            if (idp.isValid(token)) return true;
            refused.incrementAndGet();
            return false;
        });
    }

    static CodexMachine signedIn(Path temp) throws IOException {
        return signedIn(temp, Agents.program(Codex.BINARY));
    }

    static CodexMachine signedIn(Path temp, Path program) throws IOException {
        var codex = new CodexMachine(temp.toRealPath(), program);
        codex.signIn();
        return codex;
    }

    /// Signs in again, for a token of another lifetime.
    void signIn() throws IOException {
        SignedInAgents.to(gateway.url(), idp, machine);
    }

    Agents.Ended run(String... args) {
        return Agents.run(machine.start(args));
    }

    /// The homes that are there now.
    List<Path> homes() {
        var folder = machine.home().resolve(".cache/rpkai/codex");
        if (!Files.isDirectory(folder)) return List.of();
        try (var entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the requests posted to the Responses endpoint, rejected ones included.
    List<ProxyCall> responses() {
        return gateway.proxied().stream()
                .filter(call -> call.path().equals("v1/responses"))
                .toList();
    }

    @Override
    public void close() {
        gateway.close();
        idp.close();
    }
}
