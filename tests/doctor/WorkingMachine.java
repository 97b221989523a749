package tests.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.upstream.Reply;

/// A machine on which a launch works: signed in, a gateway that answers, agents that are new enough, npm. A test
/// breaks one thing, sees what the doctor says of it, does what the doctor says, and sees that all is well.
///
///     gateway.provider(ProviderJson.anthropic("claude").put("enabled", false));
///     machine.finds("✗ provider     \"claude\" is disabled", "  → rpkai llm update claude --enabled", "doctor",
///             "claude", "-L", "claude");
public final class WorkingMachine implements AutoCloseable {
    private static final Pattern EXPORT = Pattern.compile("export (\\w+)=\"?([^\"]*)\"?");

    public final FakeIdentityProvider idp = FakeIdentityProvider.start();
    public final FakeGateway gateway = FakeGateway.start();
    public final Machine machine;
    /// Every word that must not be printed.
    private final List<String> secrets = new ArrayList<>();

    public WorkingMachine(Path root) {
        this.machine = new Machine(root).with("LC_ALL", "C.UTF-8");
        gateway.tokens(idp::isValid)
                .provider(ProviderJson.anthropic("claude", "claude-opus-5-5", "claude-sonnet-5-5"))
                .provider(ProviderJson.openai("gpt", "gpt-6.1-sol"));
        gateway.handle(call -> call.path().equals("/v1/responses")
                ? Reply.of(200, "application/json", "{\"status\":\"incomplete\"}")
                : gateway.standard(call));
        idp.devices().interval(0).approveAfter(1);
        agent("claude", "2.1.330 (Claude Code)");
        agent("codex", "codex-cli 0.169.0");
        // Installs the named agent in its newest version.
        machine.program("npm", """
                case "$3" in
                  @anthropic-ai/claude-code*) name=claude; says='2.1.330 (Claude Code)' ;;
                  *) name=codex; says='codex-cli 0.169.0' ;;
                esac
                printf '#!/bin/sh\\necho "%%s"\\n' "$says" > '%1$s'/bin/"$name"; /bin/chmod +x '%1$s'/bin/"$name"
                """.formatted(root));
        at(gateway.url());
        signIn();
    }

    /// An agent that says its version.
    public Path agent(String name, String version) {
        return machine.program(name, "echo '%s'\n".formatted(version));
    }

    /// The environment in use is a live one, `cl-abc`, whose gateway is there.
    public void at(String url) {
        machine.write("home/.rpai/config", """
                current: test
                profiles:
                  test:
                    organization: org_123
                    environment: {id: cl-abc, name: test}
                    ai_gateway_url: %s
                cloud:
                  issuer: %s
                  api_url: %s
                """.formatted(url, idp.issuer(), idp.apiUrl()));
    }

    /// The environment in use was added by hand, and its gateway is there.
    public void byHandAt(String url) {
        machine.write(
                "home/.rpai/config",
                ("current: test\nprofiles:\n  test:\n    organization: org_123\n    ai_gateway_url: %s\n"
                                + "cloud:\n  issuer: %s\n")
                        .formatted(url, idp.issuer()));
    }

    /// Signed in, with tokens as the identity provider issues them now.
    public void signIn() {
        var tokens = idp.signIn();
        secrets.add(tokens.accessToken());
        secrets.add(tokens.refreshToken());
        machine.write(
                "home/.rpai/credentials",
                "{\"org_123\":{\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"issuer\":\"%s\",\"signed_in_at\":1}}"
                        .formatted(tokens.accessToken(), tokens.refreshToken(), idp.issuer()));
    }

    /// The doctor finds exactly this.
    public void finds(String line, String fix, String... args) {
        var result = machine.run(args);

        assertEquals(List.of(line, fix), wrong(result.out()), result.out() + result.err());
        assertEquals(1, result.exitCode(), result.out());
        secrets.forEach(
                secret -> assertFalse((result.out() + result.err()).contains(secret), "a secret in " + result.out()));
    }

    /// The doctor finds nothing.
    public void isWell(String... args) {
        var result = machine.run(args);

        assertEquals(List.of(), wrong(result.out()), result.out() + result.err());
        assertTrue(result.out().contains("\n✓ request      HTTP 200 in "), result.out());
        assertEquals(0, result.exitCode(), result.out());
        secrets.forEach(
                secret -> assertFalse((result.out() + result.err()).contains(secret), "a secret in " + result.out()));
    }

    /// Returns the lines of failed checks and their remedies.
    public static List<String> wrong(String out) {
        var lines = out.lines().toList();
        var wrong = new ArrayList<String>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("✗")) wrong.addAll(lines.subList(i, Math.min(lines.size(), i + 2)));
        }
        return wrong;
    }

    /// Carries out the doctor's suggestion: a shell's `export` or `unset`, a command of rpkai or of the machine,
    /// or an edit.
    public void fix(String fix) {
        var command = fix.strip().replaceFirst("^→ ", "");
        var export = EXPORT.matcher(command);
        if (export.matches()) {
            machine.with(
                    export.group(1),
                    export.group(2)
                            .replace("$" + export.group(1), machine.host().env().getOrDefault(export.group(1), "")));
        } else if (command.startsWith("rpkai ")) {
            var result = machine.run(command.substring("rpkai ".length()).split(" "));
            assertEquals(0, result.exitCode(), result.err());
        } else if (command.startsWith("edit ")) {
            edit(command);
        } else {
            run(command);
        }
    }

    private void run(String command) {
        try {
            assertEquals(
                    0,
                    machine.process(List.of("/bin/sh", "-c", command))
                            .inheritIO()
                            .start()
                            .waitFor(),
                    command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// `edit FILE and remove env.KEY`
    private static void edit(String command) {
        var parts = Pattern.compile("edit (.+) and remove (?:(env)\\.)?(\\w+)").matcher(command);
        assertTrue(parts.matches(), command);
        try {
            var file = Path.of(parts.group(1));
            var json = new ObjectMapper().readTree(Files.readString(file));
            ((ObjectNode) (parts.group(2) == null ? json : json.path("env"))).remove(Set.of(parts.group(3)));
            Files.writeString(file, json.toString());
        } catch (JsonProcessingException e) {
            throw new AssertionError(command, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        gateway.close();
        idp.close();
    }
}
