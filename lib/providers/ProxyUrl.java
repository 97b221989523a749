package lib.providers;

import java.net.URI;
import java.util.regex.Pattern;
import lib.UserError;

/// Where a provider's native API is served: `<gateway>/llm/v1/providers/<name>`.
///
///     ProxyUrl.of(URI.create("http://localhost:8090"), "demo")   // http://localhost:8090/llm/v1/providers/demo
public final class ProxyUrl {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private ProxyUrl() {}

    /// The URL of that provider's proxy on that gateway.
    public static URI of(URI gateway, String provider) {
        return URI.create(gateway + "/llm/v1/providers/" + checked(provider));
    }

    /// A provider's name, or an error: one with a slash or a dot would be another path on the gateway.
    public static String checked(String provider) {
        if (NAME.matcher(provider).matches()) return provider;
        throw UserError.usage(
                "\"%s\" is not a provider name".formatted(provider), "use lower-case letters, digits and dashes, starting with a letter, at most 63; rpkai llm list shows them");
    }
}
