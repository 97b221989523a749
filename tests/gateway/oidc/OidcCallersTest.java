package tests.gateway.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.gateway.oidc.TestIssuer.KEY;
import static tests.gateway.oidc.TestIssuer.NOW;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.base.UserError;
import lib.gateway.access.Authenticator;
import lib.gateway.access.Caller;
import lib.gateway.access.Caller.Role;
import lib.gateway.access.KeysUnavailable;
import lib.gateway.access.MissingRole;
import lib.gateway.oidc.OidcAuthenticator;
import lib.gateway.oidc.RoleRules;
import lib.http.Http;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Eventually;
import tests.support.Machine;

class OidcCallersTest {
    private static final RoleRules ROLES = new RoleRules(
            "realm.roles", Map.of("platform", Role.ADMIN), Set.of("root@example.com"), Optional.of(Role.USER));

    @TempDir
    Path temp;

    private TestIssuer issuer;
    private Http http;
    private volatile Instant now = NOW;
    private Authenticator callers;

    @BeforeEach
    void start() throws IOException {
        issuer = new TestIssuer();
        http = Http.of(new Machine(temp).host());
        callers = callers(issuer.url(), ROLES);
    }

    @AfterEach
    void stop() {
        http.close();
        issuer.close();
    }

    @Test
    void aGoodTokenIsItsOwnersUntilItExpires() {
        var token = issuer.token(claims -> claims);

        assertEquals(Optional.of(new Caller("ada@example.com", Role.USER)), callers.check(token));
        now = NOW.plusSeconds(659);
        assertTrue(callers.check(token).isPresent(), "within the leeway");
        now = NOW.plusSeconds(661);
        assertTrue(callers.check(token).isEmpty(), "expired, though it was good before");
    }

    @Test
    void anIssuerMayEndInASlashWhereverItIsWritten() {
        issuer.endingInASlash();

        assertTrue(callers.check(issuer.token(claims -> claims)).isPresent());
        assertTrue(callers(issuer.url() + "/", ROLES)
                .check(issuer.token(claims -> claims.issuer(issuer.url())))
                .isPresent());
    }

    @TestFactory
    Stream<DynamicTest> aHostileTokenIsNobodys() throws Exception {
        var tokens = new LinkedHashMap<String, String>();
        tokens.put("another issuer", issuer.token(claims -> claims.issuer("https://evil.example")));
        tokens.put("an issuer below this one", issuer.token(claims -> claims.issuer(issuer.url() + "/evil")));
        tokens.put("no issuer", issuer.token(claims -> claims.issuer(null)));
        tokens.put("another audience", issuer.token(claims -> claims.audience("other")));
        tokens.put("no audience", issuer.token(claims -> claims.audience((String) null)));
        tokens.put("an audience that only begins so", issuer.token(claims -> claims.audience("gateway2")));
        tokens.put("no end", issuer.token(claims -> claims.expirationTime(null)));
        tokens.put("no subject", issuer.token(claims -> claims.subject(null)));
        tokens.put("expired", issuer.token(claims -> claims.expirationTime(Date.from(NOW.minusSeconds(61)))));
        tokens.put("not good yet", issuer.token(claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(61)))));
        var good = issuer.token(claims -> claims);
        var parts = good.split("\\.");
        tokens.put(
                "other claims under its signature",
                parts[0] + "." + base64(issuer.claims().subject("root").build().toString()) + "." + parts[2]);
        tokens.put("no signature", parts[0] + "." + parts[1] + ".");
        tokens.put("alg none", new PlainJWT(issuer.claims().build()).serialize());
        tokens.put("alg none under a signature", base64("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
        tokens.put("alg nOnE", base64("{\"alg\":\"nOnE\",\"kid\":\"key-1\"}") + "." + parts[1] + ".");
        tokens.put("the public key as an HMAC secret", hmac(KEY.toRSAPublicKey().getEncoded()));
        tokens.put(
                "the public key's PEM as an HMAC secret",
                hmac(("-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(KEY.toRSAPublicKey().getEncoded())
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.UTF_8)));
        var others = TestIssuer.rsa("key-1");
        var own = new JWSHeader.Builder(JWSAlgorithm.RS256);
        tokens.put(
                "somebody else's key of the same name",
                TestIssuer.signed(own.keyID("key-1").build(), issuer.claims().build(), others));
        tokens.put(
                "somebody else's key in the header",
                TestIssuer.signed(
                        own.keyID("key-1").jwk(others.toPublicJWK()).build(),
                        issuer.claims().build(),
                        others));
        tokens.put(
                "somebody else's key set in the header",
                TestIssuer.signed(
                        own.keyID("key-1")
                                .jwkURL(URI.create("http://127.0.0.1:1/keys"))
                                .build(),
                        issuer.claims().build(),
                        others));
        tokens.put(
                "an unknown key",
                TestIssuer.signed(own.keyID("key-2").build(), issuer.claims().build(), others));
        tokens.put("an unknown critical header", critical());
        tokens.put("a token for something else", typed("logout+jwt"));
        tokens.put("nested deeply", parts[0] + "." + base64("[".repeat(20_000)) + "." + parts[2]);
        tokens.put("endless", parts[0] + "." + "A".repeat(100_000) + "." + parts[2]);
        for (var text : List.of(
                "x",
                "..",
                "...",
                "a.b.c",
                "\u0000",
                good + ".",
                good.substring(1),
                parts[1] + "." + parts[0] + "." + parts[2])) tokens.put("garbage " + tokens.size(), text);
        assertTrue(callers.check(good).isPresent(), "this test means something");
        return tokens.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey(), () -> assertEquals(Optional.empty(), callers.check(each.getValue()))));
    }

    @TestFactory
    Stream<DynamicTest> claimsGiveARole() {
        var roles = new LinkedHashMap<Map<String, Object>, Optional<Caller>>();
        roles.put(Map.of("realm", Map.of("roles", List.of("invoker"))), caller("ada@example.com", Role.INVOKER));
        roles.put(
                Map.of("realm", Map.of("roles", List.of("invoker", "other", "platform"))),
                caller("ada@example.com", Role.ADMIN));
        roles.put(Map.of("realm.roles", "admin"), caller("ada@example.com", Role.ADMIN));
        roles.put(Map.of("realm.roles", "ADMIN"), caller("ada@example.com", Role.USER));
        roles.put(Map.of("roles", "admin"), caller("ada@example.com", Role.USER));
        roles.put(Map.of("realm", "admin"), caller("ada@example.com", Role.USER));
        roles.put(Map.of("email", "Root@example.com"), caller("Root@example.com", Role.ADMIN));
        for (var verified : List.of(true, "true"))
            roles.put(
                    Map.of("email", "root@example.com", "email_verified", verified),
                    caller("root@example.com", Role.ADMIN));
        for (var unverified : List.of(false, "false", "TRUE", "", "1", 0, 1, List.of(true), Map.of("value", true))) {
            roles.put(Map.of("email", "root@example.com", "email_verified", unverified), caller("user-1", Role.USER));
        }
        roles.put(nullVerified(), caller("user-1", Role.USER));
        roles.put(Map.of("email", ""), caller("user-1", Role.USER));
        return roles.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.getKey().toString(),
                        () -> assertEquals(each.getValue(), callers.check(issuer.token(claims -> {
                            each.getKey().forEach(claims::claim);
                            return claims.serializeNullClaims(true);
                        })))));
    }

    @Test
    void withoutAMatchingClaimAUserHasNoRole() {
        var strict = callers(issuer.url(), new RoleRules("roles", Map.of(), Set.of(), Optional.empty()));

        var missing = assertThrows(MissingRole.class, () -> strict.check(issuer.token(claims -> claims)));
        assertTrue(
                missing.getMessage().startsWith("ada@example.com is signed in but has no role at this gateway")
                        && missing.getMessage().contains("\"roles\""),
                missing.getMessage());
        assertEquals(
                caller("ada@example.com", Role.INVOKER),
                strict.check(issuer.token(claims -> claims.claim("roles", "invoker"))));
    }

    /// A claim that is there and says nothing; no immutable map has one.
    private static Map<String, Object> nullVerified() {
        var claims = new LinkedHashMap<String, Object>(Map.of("email", "root@example.com"));
        claims.put("email_verified", null);
        return claims;
    }

    @Test
    void aNewKeyIsFetchedWithItsFirstTokenAndGuessesFetchNothingMore() {
        assertTrue(callers.check(issuer.token(claims -> claims)).isPresent());
        assertEquals(1, issuer.fetched.get());
        var next = TestIssuer.rsa("key-2");
        issuer.publish(KEY.toPublicJWK(), next.toPublicJWK());
        now = now.plusSeconds(11);

        assertTrue(callers.check(signedBy(next)).isPresent());
        assertEquals(2, issuer.fetched.get());
        for (int i = 0; i < 20; i++)
            assertTrue(callers.check(signedBy(TestIssuer.KEY, "guess-" + i)).isEmpty());
        assertEquals(2, issuer.fetched.get());
    }

    @Test
    void tokensAreRejectedOnceTheirKeyIsNoLongerPublished() {
        var token = issuer.token(claims -> claims);
        assertTrue(callers.check(token).isPresent());
        issuer.publish(TestIssuer.rsa("key-2").toPublicJWK());
        now = now.plus(Duration.ofMinutes(6));

        Eventually.holds(() -> callers.check(token).isEmpty(), Duration.ofMinutes(2), () -> "still good");
    }

    @Test
    void whileTheIssuerIsDownTheLastKeysCount() {
        assertTrue(callers.check(issuer.token(claims -> claims)).isPresent());
        issuer.down = true;
        now = now.plus(Duration.ofMinutes(8));

        assertTrue(
                callers.check(issuer.token(claims -> claims.subject("user-2"))).isPresent());
        assertTrue(callers.check(signedBy(TestIssuer.rsa("key-2"))).isEmpty());
    }

    @Test
    void unavailableKeysAreReportedAndFetchedAgainLater() {
        issuer.down = true;
        var failure = assertThrows(KeysUnavailable.class, () -> callers.check(issuer.token(claims -> claims)));
        assertTrue(
                failure.getMessage().contains(issuer.url())
                        && failure.getMessage().contains("503"),
                failure.getMessage());

        issuer.down = false;
        now = now.plusSeconds(11);
        assertTrue(callers.check(issuer.token(claims -> claims)).isPresent());
    }

    @Test
    void anIssuerWhoseKeysCouldBeExchangedOnTheWayIsRefused() {
        assertThrows(UserError.class, () -> callers("http://idp.example.com", ROLES));
    }

    private Authenticator callers(String url, RoleRules roles) {
        return OidcAuthenticator.of(URI.create(url), Set.of("gateway"), roles, http, () -> now);
    }

    private static Optional<Caller> caller(String name, Role role) {
        return Optional.of(new Caller(name, role));
    }

    private String signedBy(com.nimbusds.jose.jwk.RSAKey key) {
        return signedBy(key, key.getKeyID());
    }

    private String signedBy(com.nimbusds.jose.jwk.RSAKey key, String id) {
        return TestIssuer.signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(),
                issuer.claims().build(),
                key);
    }

    private String hmac(byte[] secret) throws JOSEException {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(),
                issuer.claims().build());
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }

    private String critical() throws JOSEException {
        var jws = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("key-1")
                        .criticalParams(Set.of("x"))
                        .customParam("x", true)
                        .build(),
                new Payload(issuer.claims().build().toString()));
        jws.sign(new RSASSASigner(KEY));
        return jws.serialize();
    }

    private String typed(String type) {
        JWTClaimsSet claims = issuer.claims().build();
        return TestIssuer.signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new com.nimbusds.jose.JOSEObjectType(type))
                        .keyID("key-1")
                        .build(),
                claims,
                KEY);
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
