package tests.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import lib.base.UserError;
import lib.config.ConfigFile;
import lib.config.Profile;
import lib.startup.FastConfig;
import lib.startup.FastConfig.Choice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainConfigTest {
    @TempDir
    Path temp;

    @Test
    void theFileThatRpkaiWritesIsPlain() throws IOException {
        var file = temp.resolve("config");
        ConfigFile.update(
                file,
                c -> c.with(
                                "prod",
                                Profile.live(
                                        "org_123", "cl-abc", "my prod", Optional.of("https://aigw.example:8443/x")))
                        .use("prod"));

        assertEquals(
                Optional.of(new Choice(Optional.of("org_123"), Optional.of("device"), Optional.empty())),
                FastConfig.read(file).flatMap(c -> c.profile(Optional.empty())));
    }

    @Test
    void theConfigOfTheDocumentationIsPlain() throws IOException {
        var choice = read("""
                current: prod                       # the profile in use
                profiles:
                  prod:                             # picked at sign-in
                    organization: org_123
                    environment: {id: cl-abc, name: prod}
                    ai_gateway_url: https://aigw.cl-abc.clusters.rdpa.co
                    auth_mode: device               # device | rpk | token | none
                  local:
                    ai_gateway_url: http://localhost:8090
                    auth_mode: none
                    description: a gateway on this machine
                cloud:                              # every key optional
                  issuer: https://auth.prd.cloud.redpanda.com
                """, Optional.empty());

        assertEquals(
                Optional.of(new Choice(
                        Optional.of("org_123"),
                        Optional.of("device"),
                        Optional.of("https://auth.prd.cloud.redpanda.com"))),
                choice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "current: &a prod\nprofiles:\n  prod:\n    organization: org_123\n",
                "current: prod\nprofiles: {prod: {organization: org_123}}\n",
                "current: prod\nprofiles:\n  prod:\n    organization: org_123\n    organization: org_9\n",
                "current: prod\nprofiles:\n  prod:\n    organization: 0x10\n",
                "current: prod\nprofiles:\n  prod:\n    organization: True\n",
                "current: prod\nprofiles:\n  prod:\n    organization: org\n      more\n",
                "current: prod\nprofiles:\n  prod:\n    organization: |\n      org_123\n",
                "current: prod\nprofiles:\n  prod:\n\torganization: org_123\n",
                "current: prod\nprofiles:\n  prod:\n    organization: org_123\n---\ncurrent: other\n",
                "current: prod\nprofiles:\n  prod:\n    organization: a: b\n",
                "current: prod\nprofiles:\n  prod:\n     organization: org_123\n    auth_mode: none\n",
                "current: prod\nprofiles:\n  - prod\n",
                "current: gone\nprofiles:\n  prod:\n    organization: org_123\n",
                "current: prod\nprofiles:\n  prod:\n    organization: \"a\\x41\"\n",
                "current: prod\r\nprofiles:\r\n  prod:\r\n    organization: org_123\r\n",
                "current: prod\nprofiles: text\n",
                "current: prod\nprofiles:\n  prod:\n    organization: größe\n"
            })
    void yamlThatNeedsAParserIsNotAnswered(String yaml) throws IOException {
        assertEquals(Optional.empty(), read(yaml, Optional.empty()));
    }

    @Test
    void everyAnswerAgreesWithTheParser() throws IOException {
        var random = new Random(8);
        var lines = List.of(
                "current: prod",
                "current: \"prod\"",
                "current: ''",
                "current:",
                "current: 7",
                "profiles:",
                "profiles: {id: a, name: b}",
                "  prod:",
                "  prod: text",
                "  other:",
                "    organization: org_123",
                "    organization: 'org 1'",
                "    organization: 12",
                "    organization: yes",
                "    organization:",
                "    auth_mode: device",
                "    auth_mode: none # why",
                "    auth_mode: \"device\"",
                "      id: x",
                "    environment:",
                "    environment: {id: a, name: b}",
                "    description: it's (all), here",
                "    description: \"a: b\"",
                "    description: a #b",
                "cloud:",
                "  issuer: https://a.b/c:d",
                "cloud: x",
                "    issuer: https://own.example",
                "# note",
                "    # note",
                "",
                "   ");
        int answered = 0;
        int whole = 0;
        for (int i = 0; i < 6_000; i++) {
            var yaml = new StringBuilder(random.nextInt(3) == 0 ? "" : "current: prod\nprofiles:\n  prod:\n");
            for (int n = random.nextInt(6); n >= 0; n--)
                yaml.append(lines.get(random.nextInt(lines.size()))).append('\n');
            var choice = read(yaml.toString(), Optional.empty());
            if (choice.isEmpty()) continue;
            answered++;
            assertEquals(parsed(yaml.toString()), choice, yaml.toString());
            var plain = ConfigFile.read(temp.resolve("plain"));
            var parsed = ConfigFile.read(temp.resolve("parsed"));
            assertEquals(parsed.profiles(), plain.profiles(), yaml.toString());
            assertEquals(parsed.current(), plain.current(), yaml.toString());
            if (!plain.profiles().isEmpty()) whole++;
        }
        assertTrue(answered > 600 && whole > 300, "only " + answered + ", " + whole);
    }

    private Optional<Choice> read(String yaml, Optional<String> profile) throws IOException {
        return FastConfig.read(Files.write(temp.resolve("plain"), yaml.getBytes(StandardCharsets.UTF_8)))
                .flatMap(c -> c.profile(profile));
    }

    /// Returns the result of the full parser, which also accepts quoted keys; empty for an error.
    private Optional<Choice> parsed(String yaml) throws IOException {
        try {
            var file = ConfigFile.read(Files.writeString(temp.resolve("parsed"), yaml + "'not plain': x\n"));
            var issuer = Optional.of(new YAMLMapper()
                            .readTree(yaml)
                            .path("cloud")
                            .path("issuer")
                            .asText(""))
                    .filter(text -> !text.isEmpty());
            if (file.current().isEmpty()) return Optional.of(new Choice(Optional.empty(), Optional.empty(), issuer));
            return Optional.ofNullable(file.profiles().get(file.current().get()))
                    .map(p -> new Choice(
                            p.organization(),
                            p.authMode(),
                            p.signIn().map(Profile.SignIn::issuer).or(() -> issuer)));
        } catch (UserError e) {
            return Optional.empty();
        }
    }
}
