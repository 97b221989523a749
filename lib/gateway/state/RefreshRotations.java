package lib.gateway.state;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import lib.base.Secret;
import lib.database.SqlRows;
import lib.gateway.sealing.SealedBytes;

/// The latest rotation of each sign-in's refresh token, for [#LEEWAY]: with the token before it, a client gets
/// the token after it once more.
///
/// A token that is valid strictly once ends the sign-in of an honest client whose answer was lost, for example
/// because the gateway was killed, and of a client that refreshes at several gateways at the same moment. RFC
/// 9700 requires that the replay of a token is detected. It is: whoever stole the previous token gets the same
/// new token as the client, and no line of tokens of their own. When both go on with it, one of them uses a token
/// that was replaced before the leeway or that is older than the previous one, and that ends the sign-in.
///
/// The new token is sealed with a key that is derived from the previous token (HKDF-SHA256), which the database
/// does not have: with the database alone nobody can open it. Rows are deleted once the leeway is over.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14">RFC 9700, refresh token protection</a>
final class RefreshRotations {
    /// How long after a rotation the previous token returns the same new one: longer than a client waits for an
    /// answer that is lost, and then asks again.
    static final Duration LEEWAY = Duration.ofMinutes(1);

    private static final String WHAT = "rpkai refresh token ";

    private RefreshRotations() {}

    /// Records a rotation in the transaction that makes it.
    ///
    /// @param previous the secret of the token that was used
    /// @param next the secret of the one that replaces it
    static void record(Connection sql, String signIn, Secret previous, Secret next, Instant now) throws SQLException {
        SqlRows.update(
                sql,
                "DELETE FROM refresh_rotation WHERE rotated <= ? OR signin = ?",
                now.minus(LEEWAY).toEpochMilli(),
                signIn);
        SqlRows.update(
                sql,
                "INSERT INTO refresh_rotation (signin, previous, rotated, sealed) VALUES (?, ?, ?, ?)",
                signIn,
                StoredAccounts.hash(previous.reveal()),
                now.toEpochMilli(),
                SealedBytes.seal(
                        key(previous, signIn), WHAT + signIn, next.reveal().getBytes(StandardCharsets.UTF_8)));
    }

    /// Returns the secret that replaced a previous one within the leeway.
    ///
    /// @param asked the time at which the client asked
    static Optional<Secret> next(Connection sql, String signIn, Secret previous, Instant asked) throws SQLException {
        return SqlRows.first(
                        sql,
                        "SELECT previous, rotated, sealed FROM refresh_rotation WHERE signin = ?",
                        row -> new Rotation(row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getBytes(3)),
                        signIn)
                .filter(rotation -> new Secret(rotation.previous).matches(StoredAccounts.hash(previous.reveal()))
                        && asked.isBefore(rotation.time.plus(LEEWAY)))
                .flatMap(rotation -> SealedBytes.open(key(previous, signIn), WHAT + signIn, rotation.sealed))
                .map(bytes -> new Secret(new String(bytes, StandardCharsets.UTF_8)));
    }

    private record Rotation(String previous, Instant time, byte[] sealed) {}

    /// The secret is 256 random bits, so that no salt is needed (RFC 5869, section 3.1).
    private static SecretKey key(Secret previous, String signIn) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(previous.reveal().getBytes(StandardCharsets.UTF_8))
                                    .thenExpand((WHAT + signIn).getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HKDF-SHA256", e);
        }
    }
}
