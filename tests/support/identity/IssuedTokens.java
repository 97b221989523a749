package tests.support.identity;

import java.time.Instant;

/// The tokens of a sign-in, for tests that start signed in.
///
///     var tokens = idp.signIn();
///     credentials.save(tokens.accessToken(), tokens.refreshToken());
///
/// @param expiresAt when the access token ends, to the second
public record IssuedTokens(String accessToken, String refreshToken, Instant expiresAt) {}
