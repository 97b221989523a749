package tests.gateway.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import lib.base.Secret;
import lib.database.Database;
import lib.gateway.state.Account.Kind;
import lib.usage.report.Dimension;
import lib.usage.report.UsageQuery;
import lib.usage.report.Window;
import lib.usage.store.UsageReports;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.PostgresDatabases;
import tests.support.Repository;

/// A gateway's state and usage on their way from SQLite to PostgreSQL and back.
@DisabledOnOs(OS.WINDOWS)
class RoundTripTest {
    @RegisterExtension
    static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir
    Path temp;

    private MovedGateway gateway;

    @BeforeEach
    void machine() {
        gateway = new MovedGateway(temp);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyRowAndEverySecretIsTheSameInPostgresqlAndBackInSqlite(long seed) throws Exception {
        var random = new RandomGateway(seed);
        try (var state = gateway.open("one")) {
            random.fill(state);
            if (seed % 2 == 0) state.signingKeys().update(_ -> signingKeys());
        }
        random.fill(gateway.usage("one"), 40 * (int) seed);
        var url = POSTGRES.empty();

        gateway.succeed("export", "there.export", "one");
        gateway.succeed("import", "there.export", url.toString());
        gateway.succeed("export", "back.export", url.toString());
        gateway.succeed("import", "back.export", "two");

        assertSame("one", url.toString());
        assertSame("one", "two");
    }

    @Test
    void whatTheFirstReleaseStoredIsMovedAndItsReportsAndBudgetsAreTheSame() throws Exception {
        var folder = firstRelease();
        var before = reports(gateway.usage("one"));
        try (var state = gateway.open("one")) {
            state.sessionKey();
        }
        var url = POSTGRES.empty();

        gateway.succeed("export", "there.export", "one");
        var imported = gateway.succeed("import", "there.export", url.toString());
        gateway.succeed("export", "back.export", url.toString());
        gateway.succeed("import", "back.export", "two");

        assertTrue(
                imported.err()
                        .startsWith(
                                "Imported 2 providers, 1 MCP server, 1 secret, 2 accounts, 1 sign-in, 2 budgets and"),
                imported.err());
        assertSame("one", url.toString());
        assertSame("one", "two");
        assertEquals(before, reports(gateway.usage(url.toString())));
        try (var state = gateway.open(url.toString())) {
            assertEquals(
                    Optional.of(new Secret("sk-first-release")), state.secrets().find("ANTHROPIC_API_KEY"));
            var refreshed = state.signIns()
                    .refresh(
                            "LZP9wA4ihAPUtGgwv05VGRFUVGyYnG_BkYlJrekl6Bg.smZpmNxYiDcbLaun0aw2Srbc_2cwkDGNPOcHYpcdxeU",
                            "rpkai");
            assertEquals("ada@example.com", refreshed.orElseThrow().account().name());
            assertTrue(state.accounts()
                    .signIn(Kind.CLIENT, "ci", "mB4kFAbMpmRJ0xR_wAciFYqfLHsAJFLERmVDJgE8BGI")
                    .isPresent());
            assertEquals(
                    Files.readString(folder.resolve("signing-keys.json")),
                    state.signingKeys().known().orElseThrow());
        }
    }

    @Test
    void aGatewayGoesOnWritingWhereTheImportedUsageEnds() throws Exception {
        new RandomGateway(7).fill(gateway.usage("one"), 50);
        gateway.open("one").close();
        var url = POSTGRES.empty().toString();
        gateway.succeed("export", "there.export", "one");
        gateway.succeed("import", "there.export", url);
        for (var place : List.of("one", url)) new RandomGateway(8).fill(gateway.usage(place), 70);

        var sums = UsageQuery.of(Window.last(Duration.ofDays(30), RandomGateway.NOW))
                .withDimension(Dimension.MODEL);
        try (var one = UsageReports.of(gateway.usage("one"));
                var other = UsageReports.of(gateway.usage(url))) {
            assertEquals(one.answer(sums).rows(), other.answer(sums).rows());
        }
        assertEquals(
                Content.of(gateway.usage("one")).get("call").size(),
                Content.of(gateway.usage(url)).get("call").size());
    }

    @Test
    void withoutUsageTheBudgetsAreMovedAndNothingElseOfTheStore() throws Exception {
        try (var state = gateway.open("one")) {
            new RandomGateway(3).fill(state);
        }
        new RandomGateway(3).fill(gateway.usage("one"), 20);
        gateway.succeed("export", "there.export", "one", "--no-usage");
        gateway.succeed("import", "there.export", "two");

        var before = Content.of(gateway.usage("one"));
        var after = Content.of(gateway.usage("two"));
        for (var table : List.of("budget", "budget_name")) assertEquals(before.get(table), after.get(table));
        for (var table : List.of("call", "hour", "series")) assertEquals(List.of(), after.get(table));
        assertFalse(before.get("call").isEmpty());
    }

    @Test
    void theFileHoldsNoSecretInClearAndIsForItsOwnerOnly() throws Exception {
        firstRelease();
        gateway.succeed("export", "there.export", "one");

        var file = gateway.file("there.export");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String text;
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertTrue(text.contains("ANTHROPIC_API_KEY"), text);
        var key = Files.readString(gateway.file("one/key")).strip();
        var signing = Files.readString(gateway.file("one/signing-keys.json"));
        var privateKey = signing.replaceFirst(".*\"d\":\"([^\"]+)\".*", "$1");
        for (var hidden : List.of("sk-first-release", key, privateKey))
            for (var spelt :
                    List.of(hidden, Base64.getEncoder().encodeToString(hidden.getBytes(StandardCharsets.US_ASCII))))
                assertFalse(text.contains(spelt), "it is in clear");
        try (var files = Files.list(gateway.file(""))) {
            assertEquals(
                    List.of("export.key", "one", "other.key", "sealing.key", "there.export"),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    private static String signingKeys() {
        try {
            var key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
            return new JWKSet(key).toString(false);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A folder that rpkai 0.1.0 wrote: two providers, an MCP server, a secret, a user who is signed in, a program,
    /// six calls and two budgets. Its keys open nothing else.
    private Path firstRelease() throws IOException {
        var folder = gateway.file("one");
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var stored = Repository.root().resolve("tests/gateway/transfer/first-release");
        for (var name : List.of("key", "signing-keys.json", "state.db.gz", "usage.db.gz")) {
            var file = folder.resolve(name.replace(".gz", ""));
            try (var raw = Files.newInputStream(stored.resolve(name));
                    var in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
                Files.copy(in, file);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return folder;
    }

    private static String reports(Database usage) {
        var answers = new StringBuilder();
        try (var reports = UsageReports.of(usage)) {
            for (var dimension : Dimension.values())
                answers.append(reports.answer(UsageQuery.of(Window.last(Duration.ofDays(30), RandomGateway.NOW))
                                .withDimension(dimension)
                                .withStep(Duration.ofHours(6))
                                .withComparison()))
                        .append('\n');
        }
        return answers.toString();
    }

    private void assertSame(String one, String other) {
        Content.assertSame(content(one), content(other));
        try (var before = gateway.open(one);
                var after = gateway.open(other)) {
            assertEquals(Content.secrets(before), Content.secrets(after));
        }
    }

    /// PostgreSQL has both in one database.
    private Map<String, List<String>> content(String place) {
        var content = new TreeMap<>(Content.of(gateway.usage(place)));
        content.putAll(Content.of(gateway.state(place)));
        return content;
    }
}
