package tests.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.config.ConfigFile;
import lib.config.Profile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.Machine;
import tests.support.identity.FakeIdentityProvider;
import tests.support.identity.FakeIdentityProvider.Algorithm;

class ConfigFileTest {
    private static final String SHARED = """
            # written by people and by other tools
            version: 3
            current: prod
            profiles:
              prod:
                organization: org_123
                environment: {id: cl-abc, name: prod, region: eu-west-1}
                ai_gateway_url: https://aigw.example
                auth_mode: device
                from_the_future: {list: [1, 2.5, "3", null, true], deep: {deeper: {deepest: x}}}
              "other tool":
                unknown: only
            cloud:
              issuer: https://issuer.example
              scopes: [a, b]
            telemetry: false
            empty: {}
            nothing: null
            multiline: |
              first
                second
            texts: ["true", "null", "~", "no", "1.10", "0x1F", "1_000", "1e3", "007", "", " spaced ", "a: b", "# no \
            comment", "*star", "&and", "!bang", "%p", "@at", "`tick",
              "- dash", "2026-01-01", "12:30:45", "=", "<<", "ünïcode 🙂", "tab\\there", "line\\nbreak", \
            "\\u001b[31m", "'single'", '"double"', "back\\\\slash", "[x", "{y", "?", "-", ".5", "+1", "0o17", \
            ".inf", ".nan", "Y", "ON"]
            keys: {"true": 1, "null": 2, "1": 3, "": 4, "a: b": 5, "#": 6, "*x": 7, "y": 8}
            """;

    @TempDir
    Path temp;

    private Machine machine;
    private Path file;

    @BeforeEach
    void aMachine() {
        machine = new Machine(temp);
        file = machine.home().resolve(".rpai/config");
    }

    @Test
    void unknownFieldsAreKeptOnRewrite() throws IOException {
        machine.write("home/.rpai/config", SHARED);
        var before = tree();

        assertEquals(
                0,
                machine.run("env", "add", "mine", "--ai-gateway-url", "http://localhost:1")
                        .exitCode());

        var after = tree();
        ((ObjectNode) after.path("profiles")).remove("mine");
        assertEquals(before, after);
    }

    @Test
    void writingAgainChangesNoByteMore() throws IOException {
        machine.write("home/.rpai/config", SHARED);
        ConfigFile.update(file, f -> f.use("prod"));
        var once = Files.readAllBytes(file);

        ConfigFile.update(file, f -> f.use("prod"));

        assertArrayEquals(once, Files.readAllBytes(file));
    }

    @Test
    void aProfileKeepsItsUnknownFields() throws IOException {
        machine.write("home/.rpai/config", SHARED);
        var expected = tree();
        ((ObjectNode) expected.path("profiles").path("prod")).put("ai_gateway_url", "https://moved.example");

        ConfigFile.update(
                file,
                f -> f.with("prod", Profile.live("org_123", "cl-abc", "prod", Optional.of("https://moved.example"))));

        assertEquals(expected, tree());
    }

    @Test
    void anEnvironmentThatLostItsGatewayLosesItsUrl() {
        machine.write("home/.rpai/config", SHARED);

        ConfigFile.update(file, f -> f.with("prod", Profile.live("org_123", "cl-abc", "prod", Optional.empty())));

        assertEquals(
                Optional.empty(), ConfigFile.read(file).profiles().get("prod").gatewayUrl());
    }

    @Test
    void aFileThatDoesNotExistIsAnEmptyOne() {
        assertEquals(Map.of(), ConfigFile.read(file).profiles());
        assertEquals(Optional.empty(), ConfigFile.read(file).current());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyItsOwnerMayReadItEvenWithoutAUmask() throws Exception {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "umask 0 && exec \"$@\"", "sh"));
        command.addAll(Machine.command("env", "add", "local", "--ai-gateway-url", "http://localhost:1"));

        var process = machine.process(command).redirectErrorStream(true).start();

        assertEquals(
                "",
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .replaceFirst("Environment \"local\" added.*\\R", ""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        try (var all = Files.list(file.getParent())) {
            for (var each : all.toList())
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
                        each.toString());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatOthersCouldReadIsPrivateAfterARewrite() throws IOException {
        machine.write("home/.rpai/config", SHARED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        ConfigFile.update(file, f -> f.use("prod"));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkIntoADotfilesFolderStaysOne() throws IOException {
        var target = machine.write("dotfiles/rpai.yaml", SHARED);
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, target);

        ConfigFile.update(file, f -> f.use("other tool"));

        assertTrue(Files.isSymbolicLink(file));
        assertEquals(Optional.of("other tool"), ConfigFile.read(target).current());
    }

    @Test
    void aReaderNeverSeesATornFile() throws Exception {
        machine.write("home/.rpai/config", SHARED + "last: key\n");
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reader = threads.submit(() -> {
                var reads = 0;
                for (; !done.get() || reads == 0; reads++)
                    assertEquals("key", tree().path("last").asText(), "a torn file");
                return reads;
            });
            try {
                for (int i = 0; i < 200; i++) {
                    var name = "profile-" + i;
                    ConfigFile.update(file, f -> f.use(name));
                }
            } finally {
                done.set(true);
            }
            assertTrue(reader.get(2, TimeUnit.MINUTES) > 10);
        }
        assertEquals(Optional.of("profile-199"), ConfigFile.read(file).current());
    }

    @Test
    void commandsAtOnceDoNotUndoEachOther() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var adds = IntStream.range(0, 20)
                    .<Callable<Machine.Result>>mapToObj(i -> () ->
                            machine.run("env", "add", "e" + i, "--ai-gateway-url", "http://localhost:" + (1000 + i)))
                    .toList();
            for (var add : threads.invokeAll(adds)) assertEquals(0, add.get().exitCode());
        }

        assertEquals(20, ConfigFile.read(file).profiles().size());
    }

    static Stream<byte[]> malformed() {
        var junk = new byte[512];
        new Random(42).nextBytes(junk);
        return Stream.concat(
                Stream.of(
                                "profiles: [unclosed",
                                "profiles: {a: {b: c}",
                                "- a\n- b\n",
                                "just some words\n",
                                "5\n",
                                "current: a\ncurrent: b\n",
                                "profiles: {a: {}, a: {}}\n",
                                "profiles: hello\n",
                                "profiles: [a, b]\n",
                                "cloud: 5\n",
                                "\tprofiles:\n",
                                "a: b: c\n",
                                "'never closed\n",
                                "%YAML 9.9\n---\na: b\n",
                                "a: \u0007\n",
                                "[".repeat(5000),
                                "profiles:\n  a:\n    x: 1\n   y: 2\n",
                                "base: &b {x: 1}\nother: *b\n",
                                "base: &b {x: 1}\nother: {<<: *b}\n",
                                "loop: &l [*l]\n",
                                "current: a\n---\ncurrent: b\n")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Stream.of(
                        junk,
                        new byte[] {0, 0, 0, 0},
                        new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0, ':', 0},
                        new byte[] {'a', ':', ' ', (byte) 0xc3, (byte) 0x28}));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedFileGivesOneClearLineAndIsLeftUnchanged(byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);

        for (var command : List.of(
                "auth token",
                "auth status",
                "env list --local",
                "env add x --ai-gateway-url http://localhost:1",
                "env use x",
                "llm list")) {
            var result = machine.run(command.split(" "));

            assertOneClearLine(result, command);
            assertArrayEquals(content, Files.readAllBytes(file), command);
        }
    }

    @Test
    void aMalformedFileSurvivesASignIn() throws IOException {
        try (var idp = FakeIdentityProvider.start("", Algorithm.ES256)) {
            idp.devices().interval(0).approveAfter(0);
            machine.with("RPAI_ISSUER", idp.issuer()).with("RPAI_CLOUD_API_URL", idp.apiUrl());
            var content = "profiles: [unclosed".getBytes(StandardCharsets.UTF_8);
            machine.write("home/.rpai/config", "profiles: [unclosed");

            var result = machine.run("auth", "login", "--no-browser");

            assertOneClearLine(result, "auth login");
            assertArrayEquals(content, Files.readAllBytes(file));
            assertEquals(List.of(), idp.requests());
        }
    }

    @Test
    void aFolderInItsPlaceGivesOneClearLine() throws IOException {
        Files.createDirectories(file);

        var result = machine.run("auth", "token");

        assertEquals(1, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("rpkai: cannot read the config file "), result.err());
    }

    @Test
    void aFileThatCannotBeWrittenGivesOneClearLine() throws IOException {
        machine.write("home/.rpai", "a file where the folder should be");

        var result = machine.run(
                "-c",
                machine.home().resolve(".rpai/deep/config").toString(),
                "env",
                "add",
                "x",
                "--ai-gateway-url",
                "http://localhost:1");

        assertEquals(1, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void aMalformedFileIsNotQuoted() {
        machine.write("home/.rpai/config", "password: \"hunter2\n  hunter2: [hunter2");

        var result = machine.run("-v", "auth", "token");

        assertTrue(result.err().contains("is invalid"), result.err());
        assertFalse(result.err().contains("hunter2"), result.err());
    }

    private static void assertOneClearLine(Machine.Result result, String command) {
        assertEquals(1, result.exitCode(), command + ": " + result);
        assertEquals("", result.out(), command);
        assertEquals(1, result.err().lines().count(), command + ": " + result.err());
        assertTrue(
                result.err().matches("rpkai: (the config file .+ is invalid: .+|cannot read the config file .+)\\R"),
                command + ": " + result.err());
    }

    private JsonNode tree() throws IOException {
        return new YAMLMapper().readTree(Files.readAllBytes(file));
    }
}
