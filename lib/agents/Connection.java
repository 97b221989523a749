package lib.agents;

import java.net.URI;
import java.util.Optional;
import lib.api.Provider;
import lib.auth.Tokens;
import lib.base.Secret;
import lib.config.Settings;

/// The connection of one launch to its provider.
///
/// @param settings the settings in force
/// @param proxyUrl the provider's proxy on the gateway
/// @param provider the provider; empty if it can't be read
/// @param bearer the token that guards the gateway, or the relay, in this process; empty for a gateway
///     elsewhere
/// @param tokens the source of tokens for a gateway elsewhere; empty for one in this process
/// @param tentative whether the launch is only shown; a failing sign-in is then a warning
public record Connection(
        Settings settings,
        URI proxyUrl,
        Optional<Provider> provider,
        Optional<Secret> bearer,
        Optional<Tokens> tokens,
        boolean tentative) {}
