package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.doctor.WorkingMachine;
import tests.support.Fault;
import tests.support.Machine;
import tests.support.gateway.FakeGateway.Endpoint;
import tests.support.gateway.ProviderJson;
import tests.support.upstream.Replies;

/// Tests the output of `rpkai doctor`, which launch it checks, and what it spends.
class DoctorCommandTest {
    @TempDir
    Path temp;

    private WorkingMachine it;

    @BeforeEach
    void aMachineOnWhichALaunchWorks() {
        it = new WorkingMachine(temp.resolve("machine"));
    }

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void aLineACheckInTheOrderOfALaunch() {
        var result = run("doctor", "claude", "-L", "claude", "-m", "claude-sonnet-5-5");

        var bin = temp.resolve("machine/bin");
        assertEquals(
                """
                ✓ environment  test in %s
                ✓ sign-in      ada@example.com, until HH:mm (in 59 min)
                ✓ proxy        none
                ✓ dns          127.0.0.1
                - tls          plain HTTP
                ✓ gateway      %s answers in N ms
                ✓ clock        agrees with the gateway's
                ✓ provider     "claude" is readable and enabled
                ✓ type         anthropic, which Claude Code supports
                ✓ model        claude-sonnet-5-5 (-m) is allowed
                ✓ agent        Claude Code 2.1.330, %s/claude
                ✓ npm          %s/npm
                ✓ settings     no settings file applies
                ✓ request      HTTP 200 in N ms from claude-sonnet-5-5
                """.formatted(it.machine.home().resolve(".rpai/config"), it.gateway.url(), bin, bin),
                result.out()
                        .replaceAll("until (\\d{4}-\\d\\d-\\d\\d )?\\d\\d:\\d\\d", "until HH:mm")
                        .replaceAll("in \\d+ ms", "in N ms"));
        assertEquals("", result.err());
        assertEquals(0, result.exitCode());
    }

    @Test
    void jsonHasTheSameFieldsForEveryCheck() {
        it.gateway.provider(ProviderJson.anthropic("claude").put("enabled", false));

        var result = run("doctor", "-L", "claude", "-o", "json");

        var checks = json(result.out());
        checks.forEach(check -> assertEquals(List.of("check", "status", "found", "mend"), names(check)));
        assertEquals("failed", status(checks, "provider"));
        assertEquals(
                "rpkai llm update claude --enabled",
                check(checks, "provider").path("mend").asText());
        assertEquals("ok", status(checks, "gateway"));
        assertEquals("skipped", status(checks, "request"));
        assertEquals("", check(checks, "request").path("mend").asText());
        assertEquals(1, result.exitCode());
    }

    @Test
    void withoutUtf8TheOutputIsAscii() {
        it.gateway.provider(ProviderJson.anthropic("claude").put("enabled", false));
        it.machine.with("LC_ALL", "C");

        var out = run("doctor", "-L", "claude").out();

        assertTrue(out.contains("\nok     clock        agrees with the gateway's\n"), out);
        assertTrue(
                out.contains(
                        "\nFAILED provider     \"claude\" is disabled\n       -> rpkai llm update claude --enabled\n"),
                out);
        assertTrue(out.chars().allMatch(c -> c < 128), out);
    }

    @Test
    void noColorMeansAsciiToo() {
        it.machine.with("NO_COLOR", "1");

        assertTrue(run("doctor", "-L", "claude").out().startsWith("ok     environment  test in "));
    }

    @Test
    void withNothingConfiguredItLooksAtTheEmbeddedGatewayAndTheMachine() {
        it.machine.write("home/.rpai/config", "");

        var result = run("doctor");

        assertEquals(
                List.of("environment", "provider", "type", "model", "agent", "npm", "settings", "request"),
                checks(result));
        assertTrue(
                result.out()
                        .startsWith("✓ environment  none configured: the embedded gateway is used\n✓ "
                                + "provider     \"demo\" is readable and enabled\n"),
                result.out());
        assertEquals("", result.err());
        assertEquals(0, result.exitCode());
        assertEquals(List.of(), it.gateway.requests());
    }

    @Test
    void embeddedIsCheckedDespiteAProfileEvenABrokenOne() {
        it.machine.write("home/.rpai/config", "current: gone\nprofiles: {}\n");

        var result = run("doctor", "--embedded", "-L", "demo");

        assertTrue(result.out().startsWith("✓ environment  the embedded gateway, as --embedded asks\n"), result.out());
        assertEquals(0, result.exitCode(), result.out());
    }

    @Test
    void aMissingProfileIsReportedAndTheMachineIsChecked() {
        var result = run("doctor", "-p", "nope");

        assertEquals(List.of("environment", "agent", "npm"), checks(result));
        assertEquals(
                List.of("✗ environment  environment \"nope\" not found", "  → rpkai auth login"),
                WorkingMachine.wrong(result.out()));
        assertEquals(1, result.exitCode());
    }

    @Test
    void anEnvironmentThatIsNotReadyIsReported() {
        it.machine.write("home/.rpai/config", "current: new\nprofiles:\n  new:\n    organization: org_123\n");

        var result = run("doctor", "-o", "json");

        assertEquals(
                "environment \"new\" is not ready (no AI Gateway URL)",
                check(json(result.out()), "gateway").path("found").asText());
        assertEquals(1, result.exitCode());
    }

    @Test
    void aConfigFileThatIsNotYamlIsReportedInTheRequestedFormat() {
        it.machine.write("home/.rpai/config", "a: [");

        var result = run("doctor", "-o", "json");

        assertEquals("failed", status(json(result.out()), "environment"));
        assertEquals(1, result.exitCode());
    }

    @Test
    void theFlagsThatChoseTheGatewayAreInTheCommands() {
        it.gateway.provider(ProviderJson.anthropic("off").put("enabled", false));

        var result = run("doctor", "-p", "test", "-s", it.gateway.url(), "-L", "off");

        assertEquals(
                List.of(
                        "✗ provider     \"off\" is disabled",
                        "  → rpkai llm update off --enabled -p test -s " + it.gateway.url()),
                WorkingMachine.wrong(result.out()));
    }

    @Test
    void aStaticTokenIsUsedAndNotShown() {
        var token = it.idp.signIn().accessToken();

        var result = run("doctor", "-L", "claude", "--token", token, "-v");

        assertTrue(result.out().contains("✓ sign-in      a static token of ada@example.com, until "), result.out());
        assertFalse((result.out() + result.err()).contains(token));
        assertEquals(0, result.exitCode(), result.out());
    }

    @Test
    void aGatewayThatWantsNoTokenGetsNone() {
        it.machine.profile("local", "ai_gateway_url: %s\nauth_mode: none".formatted(it.gateway.url()));
        it.gateway.tokens(_ -> true);

        var result = run("doctor", "-L", "claude");

        assertTrue(result.out().contains("✓ sign-in      not needed here (auth_mode none)\n"), result.out());
        assertEquals(0, result.exitCode(), result.out());
        it.gateway
                .requests()
                .forEach(call -> assertFalse(
                        call.header("Authorization").isPresent()
                                || call.header("x-api-key").isPresent(),
                        call.toString()));
    }

    @Test
    void withoutAProviderTheOnlySuitableOneIsUsed() {
        assertEquals(0, run("doctor").exitCode());

        it.gateway.provider(ProviderJson.bedrock("aws", "us-east-1"));
        var several = run("doctor");

        assertTrue(several.out().contains("\n- provider     choose one with -L: aws, claude\n"), several.out());
        assertEquals(0, several.exitCode());
    }

    @Test
    void aProviderThatMayNotBeReadIsTriedAllTheSame() {
        it.gateway.failAlways(Endpoint.GET_PROVIDER, Fault.connect("permission_denied", "invoke only"));

        var result = run("doctor", "-L", "claude", "-m", "claude-sonnet-5-5");

        assertTrue(
                result.out()
                        .contains("\n! provider     you may not read \"claude\"; a launch tries it anyway\n  → ask the "
                                + "gateway's administrator for dataplane_adp_llmprovider_get\n"),
                result.out());
        assertTrue(result.out().contains("\n✓ request      HTTP 200 in "), result.out());
        assertEquals(0, result.exitCode());
    }

    @Test
    void bedrockIsAskedInItsOwnWay() {
        it.gateway.provider(ProviderJson.bedrock("aws", "us-east-1", "us.anthropic.claude-opus-5-5"));
        it.gateway.handle(_ -> tests.support.upstream.Reply.of(200, "application/json", "{}"));

        var result = run("doctor", "-L", "aws");

        assertEquals(0, result.exitCode(), result.out());
        var call = it.gateway.proxied().getLast();
        assertEquals("model/us.anthropic.claude-opus-5-5/invoke", call.path());
        assertEquals(
                "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + "\"anthropic_version\":\"bedrock-2023-05-31\"}",
                call.request().text());
    }

    @Test
    void onePaidTokenIsAllItAsksFor() {
        run("doctor", "-L", "claude", "-m", "claude-sonnet-5-5");

        var calls = it.gateway.proxied();
        assertEquals(1, calls.size());
        assertEquals("v1/messages", calls.getFirst().path());
        assertEquals(
                "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + "\"model\":\"claude-sonnet-5-5\"}",
                calls.getFirst().request().text());
    }

    @Test
    void aTokenThatALaunchWouldRenewIsRenewedOnceAndAnotherNotAtAll() {
        run("doctor", "-L", "claude");
        assertEquals(0, it.idp.refreshes());

        it.idp.lifetime(Duration.ofSeconds(-1));
        it.signIn();
        it.idp.lifetime(Duration.ofHours(1));

        it.isWell("doctor", "-L", "claude");
        assertEquals(1, it.idp.refreshes());
        assertEquals(0, it.idp.reuseDetected());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "401|authentication_error|bad key|rpkai llm update claude --anthropic-config.api-key-ref NEW_REFERENCE",
                "402|billing_error|no credit|ask the account owner of \"claude\" to raise its budget or add "
                        + "credit",
                "400|invalid_request_error|Your credit balance is too low|ask the account owner of "
                        + "\"claude\" to raise its budget or add credit",
                "400|invalid_request_error|odd|rpkai llm check claude",
                "403|model_not_allowed|not yours|rpkai run claude -L claude -m claude-opus-5-5",
                "403|permission_error|no|ask the gateway's administrator for dataplane_adp_llmprovider_invoke",
                "403|permission_error|provider \"claude\" is disabled|rpkai llm update claude --enabled",
                "404|not_found_error|model: claude-sonnet-5-5|rpkai run claude -L claude -m claude-opus-5-5",
                "429|rate_limit_error|slow down|sleep 7 && rpkai doctor claude -L claude -m claude-sonnet-5-5",
                "500|api_error|oops|sleep 7 && rpkai doctor claude -L claude -m claude-sonnet-5-5",
                "529|overloaded_error|busy|sleep 7 && rpkai doctor claude -L claude -m claude-sonnet-5-5",
            })
    void aCallThatTheModelRejectsIsExplained(int status, String type, String message, String fix) {
        it.gateway.next(_ -> Replies.error(status, type, message).header("Retry-After", "7"));

        it.finds(
                "✗ request      HTTP %d: %s".formatted(status, message),
                "  → " + fix,
                "doctor",
                "-L",
                "claude",
                "-m",
                "claude-sonnet-5-5");
        it.isWell("doctor", "-L", "claude", "-m", "claude-sonnet-5-5");
    }

    @Test
    void theKeyOfEachTypeIsSetByItsOwnFlag() {
        it.gateway.provider(ProviderJson.bedrock("aws", "us-east-1", "us.anthropic.claude-opus-5-5"));
        it.gateway.handle(_ -> Replies.error(401, "authentication_error", "bad key"));

        it.finds(
                "✗ request      HTTP 401: bad key",
                "  → rpkai llm update aws --secret-access-key-ref NEW_REFERENCE",
                "doctor",
                "-L",
                "aws");
    }

    @Test
    void aServerThatRepeatsTheTokenDoesNotMakeUsShowIt() {
        it.gateway.next(call ->
                Replies.error(403, "permission_error", "token " + call.bearer().orElse("") + " is\u001b[2J no good"));

        it.finds(
                "✗ request      HTTP 403: token <redacted> is [2J no good",
                "  → ask the gateway's administrator for dataplane_adp_llmprovider_invoke",
                "doctor",
                "-L",
                "claude");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "opencode|claude|OpenCode 1.18.33|v1/messages|opencode.json|{\"model\": \"x/y\"} // "
                        + "theirs|1 file, overridden: model",
                "gemini|google|Gemini CLI 0.61.0|v1beta/models/gemini-2.5-pro:generateContent|.env|"
                        + "GOOGLE_API_KEY=x|1 file, overridden: GOOGLE_API_KEY",
                "qwen|gpt|Qwen Code 0.24.4|v1/chat/completions|.qwen/settings.json|{\"model\": "
                        + "{\"name\": \"theirs\"}}|1 file, overridden: model.name"
            })
    void everyAgentHasItsOwnChecks(
            String name, String provider, String version, String path, String file, String settings, String held) {
        it.gateway
                .provider(ProviderJson.google("google", "gemini-2.5-pro"))
                .handle(_ -> tests.support.upstream.Reply.of(200, "application/json", "{}"));
        it.agent(name, version);
        it.machine.write("work/" + file, settings);

        var result = run("doctor", name, "-L", provider);

        assertEquals(0, result.exitCode(), result.out());
        assertTrue(
                result.out().contains("\n✓ agent        %s, ".formatted(version))
                        && result.out().contains("\n✓ settings     %s\n".formatted(held)),
                result.out());
        assertEquals(path, it.gateway.proxied().getLast().path());
    }

    @Test
    void theReasonWhyAnotherAgentCannotBeLaunchedIsReported() {
        it.gateway.provider(ProviderJson.openai("any")).provider(ProviderJson.passthrough("own"));
        it.agent("qwen", "0.24.4");
        it.agent("opencode", "1.0.0");

        assertEquals(
                List.of(
                        "✗ model        Qwen Code has no default model for provider \"any\"",
                        "  → rpkai run qwen -L any -m MODEL"),
                WorkingMachine.wrong(run("doctor", "qwen", "-L", "any").out()));
        var opencode = run("doctor", "opencode", "-L", "own").out();
        assertEquals(
                "✗ type         \"own\" passes your own credentials through, but OpenCode has none",
                WorkingMachine.wrong(opencode).getFirst());
        assertTrue(opencode.contains("\n! agent        OpenCode 1.0.0, "), opencode);
        it.machine.write("etc/opencode/opencode.json", "{\"provider\": {}}");
        assertTrue(WorkingMachine.wrong(
                        run("doctor", "opencode", "-L", "claude").out())
                .getFirst()
                .contains("sets provider, which is set by the administrator's policy and overrides the launch"));
    }

    @Test
    void anotherAgentOrProviderNameIsBadUsage() {
        assertEquals(
                "rpkai: unknown agent \"clade\": use one of claude, codex, opencode, gemini, qwen, exec\n",
                run("doctor", "clade").err());
        assertEquals(2, run("doctor", "clade").exitCode());
        assertEquals(2, run("doctor", "-L", "../x").exitCode());
        assertEquals(2, run("doctor", "-o", "xml").exitCode());
        assertEquals(List.of(), it.gateway.requests());
    }

    private Machine.Result run(String... args) {
        return it.machine.run(args);
    }

    private static List<String> checks(Machine.Result result) {
        return result.out()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .map(line -> line.split(" +")[1])
                .toList();
    }

    private static String status(JsonNode checks, String name) {
        return check(checks, name).path("status").asText();
    }

    private static JsonNode check(JsonNode checks, String name) {
        return checks.valueStream()
                .filter(check -> check.path("check").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
