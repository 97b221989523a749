package tests.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.config.Flags;
import lib.config.OutputFormat;
import lib.config.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Machine;

class SettingsTest {
    private static final String FILE = """
            current: prod
            profiles:
              prod:
                organization: org_123
                ai_gateway_url: https://prod.example/
              local:
                ai_gateway_url: http://localhost:8090
                auth_mode: none
              unready:
                organization: org_123
              odd:
                auth_mode: kerberos
              broken:
                ai_gateway_url: "https://user:hunter2@host/"
            """;

    @TempDir
    Path temp;

    private Machine machine;

    @BeforeEach
    void machineWithAConfig() {
        machine = new Machine(temp);
        machine.write("home/.rpai/config", FILE);
    }

    @Test
    void theCurrentProfileIsUsedByDefault() {
        var settings = resolve(Flags.none());

        assertEquals(Optional.of("prod"), settings.profileName());
        assertEquals(URI.create("https://prod.example"), settings.gateway());
        assertEquals(AuthMode.DEVICE, settings.authMode());
    }

    @Test
    void aProfileVariableWinsOverTheFileAndAFlagOverTheVariable() {
        machine.with("RPAI_PROFILE", "unready");

        assertEquals(Optional.of("unready"), resolve(Flags.none()).profileName());
        assertEquals(
                Optional.of("local"), resolve(Flags.none().withProfile("local")).profileName());
    }

    @Test
    void aTokenVariableWinsOverTheFilesModeAndAFlagOverTheVariable() {
        machine.with("RPAI_TOKEN", "from-variable").with("RPAI_PROFILE", "local");

        assertEquals(AuthMode.TOKEN, resolve(Flags.none()).authMode());
        assertEquals(
                "from-variable", resolve(Flags.none()).token().orElseThrow().reveal());
        assertEquals(
                "from-flag",
                resolve(flags("", "", "from-flag", "")).token().orElseThrow().reveal());
    }

    @Test
    void aFormatVariableWinsOverTheDefaultAndAFlagOverTheVariable() {
        assertEquals(OutputFormat.TABLE, resolve(Flags.none()).format());

        machine.with("RPAI_FORMAT", "yaml");

        assertEquals(OutputFormat.YAML, resolve(Flags.none()).format());
        assertEquals(OutputFormat.JSON, resolve(flags("", "", "", "json")).format());
    }

    @Test
    void aConfigVariableWinsOverTheDefaultAndAFlagOverTheVariable() {
        machine.write("work/one", "current: one\nprofiles: {one: {}}\n");
        machine.write("home/two", "current: two\nprofiles: {two: {}}\n");
        machine.with("RPAI_CONFIG", "one");

        assertEquals(Optional.of("one"), resolve(Flags.none()).profileName());
        assertEquals(Optional.of("two"), resolve(flags("~/two", "", "", "")).profileName());
    }

    @Test
    void anEndpointFlagWinsOverTheFileAndKeepsItsProfile() {
        var settings = resolve(flags("", "http://localhost:1234/", "", ""));

        assertEquals(URI.create("http://localhost:1234"), settings.gateway());
        assertEquals(Optional.of("prod"), settings.profileName());
    }

    @Test
    void noVariableSetsTheEndpoint() {
        machine.with("RPAI_ENDPOINT", "http://localhost:1234");

        assertEquals(URI.create("https://prod.example"), resolve(Flags.none()).gateway());
    }

    @Test
    void colourIsOffByFlagAndByVariable() {
        assertTrue(resolve(Flags.none()).color());
        assertFalse(resolve(Flags.none().withSwitch(Flags.Switch.NO_COLOR)).color());

        machine.with("NO_COLOR", "1");

        assertFalse(resolve(Flags.none()).color());
    }

    @ParameterizedTest
    @CsvSource({"1,true", "true,true", "0,false", "false,false", "off,false", "'',false"})
    void theVerboseVariableIsReadAsYesOrNo(String value, boolean verbose) {
        machine.with("RPAI_VERBOSE", value);

        assertEquals(verbose, resolve(Flags.none()).verbose());
    }

    @Test
    void emptyVariablesCountAsUnset() {
        for (var name : new String[] {
            "RPAI_CONFIG",
            "RPAI_PROFILE",
            "RPAI_TOKEN",
            "RPAI_FORMAT",
            "NO_COLOR",
            "RPAI_CREDENTIALS",
            "RPAI_ISSUER",
            "RPAI_CLIENT_ID",
            "RPAI_AUDIENCE",
            "RPAI_CLOUD_API_URL",
            "RPAI_SERVICE_ACCOUNT_ID",
            "RPAI_SERVICE_ACCOUNT_SECRET"
        }) {
            machine.with(name, "");
        }

        assertEquals(withoutVariables(), resolve(Flags.none()));
    }

    @Test
    void theCredentialsAreBesideTheConfigInUse() {
        machine.write("work/team/config", "profiles: {}\n");

        assertEquals(
                machine.home().resolve(".rpai/credentials"),
                resolve(Flags.none()).credentialsFile());
        assertEquals(
                machine.cwd().resolve("team/credentials"),
                resolve(flags("team/config", "", "", "")).credentialsFile());
    }

    @Test
    void theCredentialsAreWhereTheVariableSays() {
        machine.with("RPAI_CREDENTIALS", "~/elsewhere/creds");

        assertEquals(
                machine.home().resolve("elsewhere/creds"),
                resolve(flags("team/config", "", "", "")).credentialsFile());
    }

    @Test
    void cloudVariablesWinOverTheFileAndTheFileOverTheDefaults() {
        machine.write("home/.rpai/config", "cloud: {issuer: https://file.example, client_id: file-client}\n");
        machine.with("RPAI_ISSUER", "https://variable.example").with("RPAI_CLOUD_API_URL", "https://api.example");

        var cloud = resolve(Flags.none()).cloud();

        assertEquals("https://variable.example", cloud.issuer());
        assertEquals("file-client", cloud.clientId());
        assertEquals("cloudv2-production.redpanda.cloud", cloud.audience());
        assertEquals("https://api.example", cloud.apiUrl());
        assertFalse(cloud.isDefaultIssuer());
    }

    @Test
    void withoutAnythingTheCloudIsRedpandas() {
        var cloud = withoutVariables().cloud();

        assertEquals("https://auth.prd.cloud.redpanda.com", cloud.issuer());
        assertEquals("https://cloud-api.prd.cloud.redpanda.com/oauth/device/code", cloud.deviceAuthorizationEndpoint());
        assertEquals("ehNhbNUwjPIWUinE2b7njFyE4VBrxXZm", cloud.clientId());
        assertEquals("https://api.redpanda.com", cloud.apiUrl());
        assertTrue(cloud.isDefaultIssuer());
    }

    @Test
    void anotherIssuersTokensAreNotShownToRedpandasControlPlane() {
        var cloud = Settings.resolve(
                        Flags.none(),
                        machine.with("RPAI_ISSUER", "https://gw.example").host())
                .cloud();

        assertEquals("https://gw.example", cloud.apiUrl());
    }

    @Test
    void aProfileMaySayItselfWhereToSignIn() {
        machine.profile("team", "ai_gateway_url: https://gw.example\nissuer: https://idp.example\nclient_id: c\n");
        var cloud = resolve(Flags.none()).cloud();

        assertEquals("https://idp.example", cloud.issuer());
        assertEquals("c", cloud.clientId());
        assertEquals("https://gw.example", cloud.apiUrl());
        assertEquals(
                "https://variable.example",
                Settings.resolve(
                                Flags.none(),
                                machine.with("RPAI_ISSUER", "https://variable.example")
                                        .host())
                        .cloud()
                        .issuer());
    }

    @Test
    void anUnknownProfileIsAnErrorThatNamesTheKnownOnes() {
        var e = refused(Flags.none().withProfile("nope"));

        assertEquals(1, e.exitCode());
        assertTrue(
                e.line().contains("environment \"nope\" not found") && e.line().contains("prod, local"), e.line());
    }

    @Test
    void anUnknownFormatIsBadUsageThatNamesTheKnownOnes() {
        var e = refused(flags("", "", "", "toml"));

        assertEquals(2, e.exitCode());
        assertEquals("unknown format \"toml\": use one of table, wide, json, yaml, markdown, csv", e.line());
    }

    @Test
    void anUnknownAuthModeIsAnErrorThatNamesTheKnownOnes() {
        assertTrue(refused(Flags.none().withProfile("odd")).line().contains("use device, rpk, token or none"));
    }

    @Test
    void anEnvironmentWithoutAGatewayIsNotReady() {
        var settings = resolve(Flags.none().withProfile("unready"));

        assertTrue(assertThrows(UserError.class, settings::gateway)
                .line()
                .startsWith("environment \"unready\" is not ready (no AI Gateway URL)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8090",
                "ftp://host",
                "https://",
                "https://host?x=1",
                "https://host#x",
                "http://a b",
                "https://user:hunter2@host",
                "//host"
            })
    void anEndpointThatIsNoGatewayUrlIsBadUsage(String endpoint) {
        var e = refused(flags("", endpoint, "", ""));

        assertEquals(2, e.exitCode());
        assertFalse(e.line().contains("hunter2"), e.line());
    }

    @Test
    void aPasswordInAConfiguredUrlIsNotRepeated() {
        var settings = resolve(Flags.none().withProfile("broken"));

        assertFalse(assertThrows(UserError.class, settings::gateway).line().contains("hunter2"));
    }

    @Test
    void anIpv6EndpointIsAGatewayUrl() {
        assertEquals(
                URI.create("http://[::1]:8090"),
                resolve(flags("", "http://[::1]:8090/", "", "")).gateway());
    }

    @ParameterizedTest
    @CsvSource({
        "RPAI_SERVICE_ACCOUNT_ID,RPAI_SERVICE_ACCOUNT_SECRET",
        "RPAI_SERVICE_ACCOUNT_SECRET,RPAI_SERVICE_ACCOUNT_ID"
    })
    void halfAServiceAccountIsBadUsage(String set, String missing) {
        machine.with(set, "x");

        assertEquals(2, refused(Flags.none()).exitCode());
        assertTrue(refused(Flags.none()).line().contains(missing));
    }

    @Test
    void withoutProfileEndpointOrTokenALaunchBringsItsOwnGateway() {
        var empty = new Machine(temp.resolve("empty"));

        assertTrue(Settings.resolve(Flags.none(), empty.host()).wantsEmbeddedGateway());
        assertFalse(Settings.resolve(flags("", "http://localhost:1", "", ""), empty.host())
                .wantsEmbeddedGateway());
        assertFalse(Settings.resolve(flags("", "", "t", ""), empty.host()).wantsEmbeddedGateway());
        assertFalse(resolve(Flags.none()).wantsEmbeddedGateway());
    }

    @Test
    void spaceAroundATokenIsRemoved() {
        machine.with("RPAI_TOKEN", " from-a-file\n");

        assertEquals("from-a-file", resolve(Flags.none()).token().orElseThrow().reveal());
    }

    private Settings withoutVariables() {
        var bare = new Machine(temp);
        return Settings.resolve(Flags.none(), bare.host());
    }

    private Settings resolve(Flags flags) {
        return Settings.resolve(flags, machine.host());
    }

    private UserError refused(Flags flags) {
        return assertThrows(UserError.class, () -> resolve(flags));
    }

    /// An empty text is a flag that was not given.
    private static Flags flags(String config, String endpoint, String token, String format) {
        return new Flags(
                given(config),
                Optional.empty(),
                given(endpoint),
                given(token).map(Secret::new),
                given(format),
                Set.of());
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }
}
