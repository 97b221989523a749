package lib.gateway;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Secret;
import lib.UserError;
import lib.providers.Provider;
import lib.providers.ProviderType;

/// The providers that a machine already has, read from its environment.
///
///     MachineProviders.from(System.getenv())   // demo; anthropic where ANTHROPIC_API_KEY is set
public final class MachineProviders {
    private static final String ANTHROPIC_API = "https://api.anthropic.com";

    private MachineProviders() {}

    /// `demo` always; `anthropic` from `ANTHROPIC_API_KEY`, at `ANTHROPIC_BASE_URL` where that is set. A variable that
    /// is set to nothing counts as not set.
    ///
    /// @throws UserError where a variable is set to something that cannot be used
    public static List<HostedProvider> from(Map<String, String> environment) {
        var found = new ArrayList<HostedProvider>();
        found.add(new HostedProvider(anthropicWire("demo", "Demo model, no network"), new Upstream.Demo()));
        value(environment, "ANTHROPIC_API_KEY").ifPresent(key -> {
            var baseUrl = url(value(environment, "ANTHROPIC_BASE_URL").orElse(ANTHROPIC_API), "ANTHROPIC_BASE_URL");
            found.add(new HostedProvider(
                    anthropicWire("anthropic", "Anthropic"), new Upstream.Anthropic(baseUrl, new Secret(key))));
        });
        return List.copyOf(found);
    }

    private static Provider anthropicWire(String name, String displayName) {
        return new Provider(name, displayName, ProviderType.ANTHROPIC, List.of(), true, "", false);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static URI url(String text, String variable) {
        try {
            var url = new URI(text);
            if (url.getScheme() != null && url.getHost() != null) return url;
        } catch (URISyntaxException e) {
            // Falls through: the exception would quote the text, and with it a password in it.
        }
        throw new UserError(variable + " is not a URL", "set it to something like " + ANTHROPIC_API + ", or unset it");
    }
}
