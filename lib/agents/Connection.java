package lib.agents;

import java.net.URI;
import java.util.Optional;
import lib.api.Provider;
import lib.auth.Tokens;
import lib.base.Secret;
import lib.config.Settings;

/// The way of one launch to its provider.
///
/// @param settings what is set
/// @param proxyUrl the provider's proxy on the gateway
/// @param provider empty where it can't be read
/// @param bearer what guards the gateway, or the relay, in this process; empty for one elsewhere
/// @param tokens where the tokens for one elsewhere come from; empty for one in this process
/// @param tentative whether this is for showing only: then a sign-in that fails is a warning
public record Connection(
        Settings settings,
        URI proxyUrl,
        Optional<Provider> provider,
        Optional<Secret> bearer,
        Optional<Tokens> tokens,
        boolean tentative) {}
