package tests.cli.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.config.ConfigFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.auth.SignedIn;
import tests.support.Cluster;
import tests.support.Machine;
import tests.support.gateway.FakeGateway;
import tests.support.gateway.ProviderJson;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

/// The verbs of `rpkai env`.
class EnvCommandsTest {
    @TempDir
    Path temp;

    private final FakeIdentityProvider idp = FakeIdentityProvider.start("", Algorithm.ES256);
    private Machine machine;

    @BeforeEach
    void signedInWithTwoEnvironments() {
        idp.controlPlane().clusters(Cluster.ready("cl-1", "prod", "https://one"), Cluster.notReady("cl-2", "new"));
        machine = SignedIn.machine(temp, idp);
    }

    @AfterEach
    void stop() {
        idp.close();
    }

    @Test
    void theListHasTheFilesEnvironmentsAndTheOrganisations() {
        machine.run("env", "add", "local", "--ai-gateway-url", "http://localhost:8090", "--auth-mode", "none");

        assertEquals(new Machine.Result(0, """
                CURRENT  NAME   AI GATEWAY             AUTH
                *        local  http://localhost:8090  none
                         prod   https://one            device
                         new    (not ready)            device
                """, ""), machine.run("env", "list"));
    }

    @Test
    void theJsonListMarksTheCurrentEnvironment() throws IOException {
        machine.run("env", "use", "prod");

        var list = json(machine.run("env", "ls", "-o", "json").out());

        assertEquals(json("""
                [{"name": "prod", "id": "cl-1", "current": true, "ai_gateway_url": "https://one", "auth_mode": \
                "device"},
                 {"name": "new", "id": "cl-2", "current": false, "ai_gateway_url": "", "auth_mode": \
                "device"}]"""), list);
    }

    @Test
    void theLocalListMakesNoCall() {
        machine.run("env", "add", "local", "--ai-gateway-url", "http://localhost:8090");

        assertFalse(machine.run("env", "list", "--local").out().contains("prod"));
        assertEquals(List.of(), idp.requests());
    }

    @Test
    void withoutASignInTheListShowsTheFilesEnvironments() {
        var nobody = new Machine(temp.resolve("other"));

        assertEquals(new Machine.Result(0, "CURRENT  NAME  AI GATEWAY  AUTH\n", ""), nobody.run("env", "list"));
    }

    @Test
    void theListIsThatOfTheCurrentProfilesOrganisation() {
        idp.controlPlane().clustersOf("org_456", Cluster.ready("cl-9", "theirs", "https://nine"));
        idp.user("bob@example.com", "org_456");
        SignedIn.save(machine, idp, "org_456", idp.signIn());

        assertTrue(machine.run("env", "list").out().contains("theirs"));

        machine.profile("mine", "organization: org_123\nai_gateway_url: http://mine\n");
        assertFalse(machine.run("env", "list").out().contains("theirs"));
        assertEquals(0, machine.run("env", "use", "prod").exitCode());
        assertEquals(Optional.of("org_123"), config().profiles().get("prod").organization());
    }

    @Test
    void aLiveEnvironmentIsUsedByItsNameOrItsId() {
        for (var name : new String[] {"prod", "cl-1"}) {
            assertEquals(
                    "Environment: prod (https://one).\n",
                    machine.run("env", "use", name).err());
            assertEquals(Optional.of("prod"), config().current());
        }
    }

    @Test
    void aNameThatIsBothMeansTheProfileAndTheIdMeansTheLiveOne() {
        machine.run("env", "add", "prod", "--ai-gateway-url", "http://mine");

        machine.run("env", "use", "prod");
        assertEquals(
                Optional.of("http://mine"),
                config().profiles().get(config().current().orElseThrow()).gatewayUrl());

        machine.run("env", "use", "cl-1");
        assertEquals(
                Optional.of("https://one"),
                config().profiles().get(config().current().orElseThrow()).gatewayUrl());
        assertEquals(Optional.of("http://mine"), config().profiles().get("prod").gatewayUrl());
    }

    @Test
    void anUnreadyEnvironmentCanBeSelectedAndIsReportedWhenUsed() {
        assertEquals(
                "Environment: new (not ready).\n",
                machine.run("env", "use", "new").err());

        assertTrue(machine.run("llm", "list")
                .err()
                .startsWith("rpkai: environment \"new\" is not ready (no AI Gateway URL)"));
    }

    @Test
    void anUnknownEnvironmentIsNamed() {
        var result = machine.run("env", "use", "nope");

        assertEquals(
                new Machine.Result(
                        1, "", "rpkai: environment \"nope\" not found: run rpkai env list, or rpkai auth login\n"),
                result);
    }

    @Test
    void selectingAnotherEnvironmentReplacesAMissingCurrentOne() {
        machine.write("home/.rpai/config", "current: gone\nprofiles: {here: {ai_gateway_url: http://here}}\n");

        assertEquals(1, machine.run("auth", "token").exitCode());
        assertEquals(0, machine.run("env", "list").exitCode());
        assertEquals(0, machine.run("env", "use", "here").exitCode());
        assertEquals(0, machine.run("auth", "token").exitCode());
    }

    @Test
    void theFirstEnvironmentThatIsAddedIsTheCurrentOneAndLaterOnesAreNot() {
        assertEquals(
                "Environment \"a\" added. It is the current environment.\n",
                machine.run("env", "add", "a", "--ai-gateway-url", "http://a/", "--description", "first")
                        .err());
        assertEquals(
                "Environment \"b\" added. Run rpkai env use b to select it.\n",
                machine.run("env", "add", "b", "--ai-gateway-url", "http://b").err());

        assertEquals(Optional.of("a"), config().current());
        assertEquals(Optional.of("http://a"), config().profiles().get("a").gatewayUrl());
        assertEquals(Optional.of("first"), config().profiles().get("a").description());
    }

    @Test
    void anEnvironmentThatExistsIsNotOverwritten() throws IOException {
        machine.run("env", "add", "a", "--ai-gateway-url", "http://a");
        var before = Files.readString(machine.home().resolve(".rpai/config"));

        var result = machine.run("env", "add", "a", "--ai-gateway-url", "http://other");

        assertEquals(1, result.exitCode());
        assertEquals(before, Files.readString(machine.home().resolve(".rpai/config")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env add a",
                "env add",
                "env add a --ai-gateway-url nope",
                "env add a --ai-gateway-url http://a --auth-mode kerberos",
                "env add a b --ai-gateway-url http://a",
                "env",
                "env nope",
                "env use",
                "env add a --ai-gateway-url http://a --adp-api-url nope",
                "env rename a",
                "env rename a b c",
                "env rename a ",
                "env delete"
            })
    void badUsageIsOneLineAndExitTwo(String command) {
        var result = machine.run(command.split(" "));

        assertEquals(2, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
        assertFalse(Files.exists(machine.home().resolve(".rpai/config")));
    }

    @Test
    void anEnvironmentCanStartAsACopyOfAnother() {
        machine.profile(
                "a",
                "organization: org_123\nenvironment: {id: cl-7}\nai_gateway_url: http://a\nadp_api_url: "
                        + "http://api\nauth_mode: none\ndescription: ours\n");

        machine.run("env", "add", "b", "--from", "a", "--ai-gateway-url", "http://b");

        var b = config().profiles().get("b");
        assertEquals(Optional.of("http://b"), b.gatewayUrl());
        assertEquals(
                List.of("org_123", "http://api", "none", "ours"),
                List.of(
                        b.organization().orElseThrow(),
                        b.adpApiUrl().orElseThrow(),
                        b.authMode().orElseThrow(),
                        b.description().orElseThrow()));
        assertEquals(Optional.empty(), b.environmentId());
        assertEquals(
                "rpkai: environment \"aa\" not found: did you mean \"a\"?\n",
                machine.run("env", "add", "c", "--from", "aa").err());
    }

    @Test
    void theManagementApiMayBeElsewhere() {
        try (var api = FakeGateway.start();
                var gateway = FakeGateway.start()) {
            api.provider(ProviderJson.openai("there"));
            machine.run(
                    "env",
                    "add",
                    "split",
                    "--ai-gateway-url",
                    gateway.url(),
                    "--adp-api-url",
                    api.url(),
                    "--auth-mode",
                    "none");
            api.tokens(_ -> true);

            assertTrue(machine.run("-p", "split", "llm", "list").out().contains("there"));
            assertTrue(machine.run("-p", "split", "llm", "get", "there", "-o", "json")
                    .out()
                    .contains("there"));
            assertEquals(
                    0,
                    machine.run("-p", "split", "llm", "update", "there", "--enabled=false")
                            .exitCode());
            assertTrue(machine.run("-p", "split", "env", "show").out().contains(api.url()));
            assertEquals(List.of(), gateway.requests());
            assertFalse(machine.run("-p", "split", "-s", gateway.url(), "llm", "list")
                    .out()
                    .contains("there"));
        }
    }

    @Test
    void aRenamedEnvironmentKeepsItsPositionAndItsFields() throws IOException {
        machine.write(
                "home/.rpai/config",
                "current: b\nprofiles:\n  a: {ai_gateway_url: http://a}\n  b: {ai_gateway_url: http://b, "
                        + "future: x}\n  c: {ai_gateway_url: http://c}\nother: kept\n");

        assertEquals(
                new Machine.Result(0, "", "Environment \"b\" is now \"z\".\n"), machine.run("env", "rename", "b", "z"));

        assertEquals(List.of("a", "z", "c"), List.copyOf(config().profiles().keySet()));
        assertEquals(Optional.of("z"), config().current());
        var text = Files.readString(machine.home().resolve(".rpai/config"));
        assertTrue(text.contains("future: x") && text.contains("other: kept"), text);
        assertEquals(
                "rpkai: environment \"a\" already exists: choose another name, or run rpkai env delete a\n",
                machine.run("env", "rename", "z", "a").err());
        assertEquals(1, machine.run("env", "rename", "nope", "x").exitCode());
        machine.run("env", "rename", "a", "y");
        assertEquals(Optional.of("z"), config().current());
    }

    @Test
    void theCurrentEnvironmentIsDeletedByForceOnly() {
        machine.run("env", "add", "a", "--ai-gateway-url", "http://a");
        machine.run("env", "add", "b", "--ai-gateway-url", "http://b");

        assertEquals(new Machine.Result(0, "", "Environment \"b\" deleted.\n"), machine.run("env", "delete", "b"));
        assertEquals(
                new Machine.Result(
                        1,
                        "",
                        "rpkai: environment \"a\" is the current environment: run rpkai env use OTHER first, or add "
                                + "--force\n"),
                machine.run("env", "delete", "a"));
        assertEquals(
                new Machine.Result(
                        0, "", "Environment \"a\" deleted. No environment is selected now: run rpkai env use NAME.\n"),
                machine.run("env", "delete", "a", "--force"));
        assertEquals(Optional.empty(), config().current());
        assertEquals(1, machine.run("env", "delete", "a").exitCode());
        assertEquals(0, machine.run("env", "list").exitCode());
    }

    @Test
    void aMistypedNameGetsASuggestion() {
        assertEquals(
                "rpkai: environment \"pord\" not found: did you mean \"prod\"?\n",
                machine.run("env", "use", "pord").err());
    }

    @Test
    void anEnvironmentNeedsAName() {
        assertEquals(
                2, machine.run("env", "add", "", "--ai-gateway-url", "http://a").exitCode());
        assertEquals(
                2,
                machine.run("env", "add", " ", "--ai-gateway-url", "http://a").exitCode());
    }

    @Test
    void showingTheEnvironmentShowsNoToken() throws IOException {
        machine.profile(
                        "prod",
                        "organization: org_123\nai_gateway_url: https://one\ndescription: ours\ntoken: "
                                + "hunter2\naccess_token: hunter2\n")
                .with("RPAI_TOKEN", "hunter2");

        for (var format : new String[] {"table", "wide", "json", "yaml", "markdown"}) {
            var result = machine.run("env", "show", "-o", format);

            assertEquals(0, result.exitCode());
            assertFalse(result.out().contains("hunter2") || result.err().contains("hunter2"), result.toString());
        }
        assertEquals(
                json("""
                {"name": "prod", "organization": "org_123", "ai_gateway_url": "https://one", "auth_mode": "token", \
                "token": "<redacted>", "description": "ours", "config": \
                "%s"}""".formatted(machine.home().resolve(".rpai/config"))),
                json(machine.run("env", "show", "-o", "json").out()));
    }

    @Test
    void showingTheEnvironmentShowsNoPasswordOfItsUrl() {
        machine.profile("odd", "ai_gateway_url: https://ada:hunter2@host\n");

        for (var command :
                new String[] {"env show", "env list", "auth status", "env show -o json", "env list -o json"}) {
            var result = machine.run(command.split(" "));

            assertTrue(result.out().contains("host"), result.toString());
            assertFalse(result.out().contains("hunter2") || result.err().contains("hunter2"), result.toString());
        }
    }

    @Test
    void withoutAnEnvironmentThereIsNothingToShow() {
        assertEquals(
                new Machine.Result(
                        1, "", "rpkai: no environment is configured: run rpkai auth login, or rpkai env add\n"),
                machine.run("env", "show"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"environment", "profile"})
    void theGroupHasOtherNamesToo(String alias) {
        assertEquals(machine.run("env", "list"), machine.run(alias, "list"));
    }

    private ConfigFile config() {
        return ConfigFile.read(machine.home().resolve(".rpai/config"));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
