package tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import lib.auth.AccessToken;
import lib.base.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {
    @Test
    void aJwtGivesItsTimesAndItsSubject() {
        var token = jwt("{'iat': 1000, 'exp': 4600, 'email': 'ada@example.com', "
                + "'https://cloud.redpanda.com/organization_id': 'org_1', 'org_id': 'other'}");

        assertEquals(Optional.of(Instant.ofEpochSecond(1000)), token.issuedAt());
        assertEquals(Optional.of(Instant.ofEpochSecond(4600)), token.expiresAt());
        assertEquals(Optional.of(Duration.ofHours(1)), token.lifetime());
        assertEquals(Optional.of("ada@example.com"), token.email());
        assertEquals(Optional.of("org_1"), token.organization());
    }

    @Test
    void theOlderClaimsAreReadToo() {
        var token = jwt("{'https://cloud.redpanda.com/email': 'ada@example.com', 'org_id': 'org_2'}");

        assertEquals(Optional.of("ada@example.com"), token.email());
        assertEquals(Optional.of("org_2"), token.organization());
    }

    @Test
    void itEndsAtItsExpiryToTheSecond() {
        var token = jwt("{'exp': 1000}");

        assertTrue(token.outlives(Instant.ofEpochSecond(999, 999_999_999)));
        assertFalse(token.outlives(Instant.ofEpochSecond(1000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opaque",
                "a.b.c",
                "..",
                "a..c",
                "e30.W10.x",
                "e30.bnVsbA.x",
                "e30.IiI.x",
                "e30.e30.",
                "x.!!!.y",
                "a.b.c.d"
            })
    void textThatIsNotAJwtIsATokenOfUnknownAge(String text) {
        var token = AccessToken.parse(text);

        assertEquals(Optional.empty(), token.expiresAt());
        assertEquals(Optional.empty(), token.lifetime());
        assertTrue(token.outlives(Instant.MAX));
        assertEquals(text, token.value().reveal());
    }

    @ParameterizedTest
    @CsvSource({"1.9e3,1900", "1900.7,1900", "-5,0", "1e400,253402300799", "99999999999999999999,253402300799"})
    void anyNumberIsAnEnd(String exp, long second) {
        assertEquals(
                Optional.of(Instant.ofEpochSecond(second)),
                jwt("{'exp': " + exp + "}").expiresAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'iat': 5, 'exp': 5}",
                "{'iat': 9, 'exp': 5}",
                "{'exp': 5}",
                "{'iat': 5}",
                "{'iat': 'x', 'exp': []}"
            })
    void theLifetimeIsEmptyUnlessItIsPositive(String claims) {
        assertEquals(Optional.empty(), jwt(claims).lifetime());
    }

    @Test
    void theLineEndOfAFileIsRemovedFromTheToken() {
        assertEquals("opaque", AccessToken.parse(" opaque\r\n").value().reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\ntwo", "one two", "one\u0000two", "t\u00f6ken", "\u001b[31mtoken"})
    void aTokenThatNoHeaderCanCarryIsRejectedWithoutQuotingIt(String text) {
        var e = assertThrows(UserError.class, () -> AccessToken.parse(text));

        assertFalse(e.line().contains("two") || e.line().contains("ken["), e.line());
        assertFalse(e.line().contains(text), e.line());
    }

    private static AccessToken jwt(String claims) {
        var payload = claims.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return AccessToken.parse(
                "eyJhbGciOiJub25lIn0." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload) + ".x");
    }
}
