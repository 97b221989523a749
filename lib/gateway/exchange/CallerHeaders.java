package lib.gateway.exchange;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Decides which headers of a caller are sent upstream: all except those that choose an account for the gateway's
/// key, contain other credentials, name another method, or claim where the request comes from.
///
///     CallerHeaders.goUpstream("anthropic-beta", false)    // true
///     CallerHeaders.goUpstream("X_Forwarded_For", false)   // false
public final class CallerHeaders {
    /// Headers that choose one of several accounts of a key.
    private static final Set<String> ACCOUNTS = Set.of("openai-organization", "openai-project", "x-goog-user-project");
    /// The header that chooses an account of a ChatGPT subscription. A caller may send it only with their own
    /// subscription.
    private static final String CHATGPT_ACCOUNT = "chatgpt-account-id";
    private static final Set<String> CREDENTIALS = Set.of(
            "cookie",
            "cookie2",
            "api-key",
            "ocp-apim-subscription-key",
            "x-amz-security-token",
            "x-goog-iam-authorization-token",
            "x-goog-iam-authority-selector");
    private static final Set<String> METHODS = Set.of("x-http-method-override", "x-method-override", "x-http-method");
    private static final Set<String> ORIGINS = Set.of(
            "forwarded",
            "x-forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "x-original-forwarded-for",
            "x-original-host",
            "x-original-url",
            "x-rewrite-url",
            "x-host",
            "x-envoy-external-address",
            "x-envoy-original-path",
            "x-remote-user",
            "remote-user");

    /// Headers that the gateway reads, by their usual spelling only. In another spelling, they could tell the
    /// upstream something that the gateway did not see.
    private static final Set<String> READ_HERE =
            Set.of("content-type", "content-encoding", "accept-encoding", "mcp-session-id");
    /// Words in header names such as `azureml-model-deployment`, by which servers choose a model.
    private static final Set<String> MODELS = Set.of("model", "models", "deployment", "engine");
    /// Headers with which gateways of other vendors choose another model or host.
    private static final Set<String> ROUTES = Set.of(
            "x-portkey-config",
            "x-portkey-provider",
            "x-portkey-virtual-key",
            "x-portkey-custom-host",
            "helicone-fallbacks",
            "helicone-target-url");

    private CallerHeaders() {}

    /// @param passthrough whether the caller uses their own credentials at the upstream
    public static boolean goUpstream(String name, boolean passthrough) {
        var canonical = canonical(name);
        if (canonical.equals(CHATGPT_ACCOUNT)) return passthrough;
        if (name.indexOf('_') >= 0 && READ_HERE.contains(canonical)) return false;
        return !canonical.startsWith("x-forwarded-")
                && !ACCOUNTS.contains(canonical)
                && !CREDENTIALS.contains(canonical)
                && !METHODS.contains(canonical)
                && !ORIGINS.contains(canonical);
    }

    /// Returns whether some server chooses the model by a header of that name. The check of allowed models does
    /// not read such headers.
    ///
    ///     CallerHeaders.chooseModel("azureml-model-deployment")   // true
    public static boolean chooseModel(String name) {
        var canonical = canonical(name);
        for (var word : canonical.split("-")) if (MODELS.contains(word)) return true;
        return ROUTES.contains(canonical);
    }

    /// Returns whether some server treats both names as one.
    public static boolean isSame(String name, String other) {
        return canonical(name).equals(canonical(other));
    }

    /// Returns a name as the most lenient servers read it: in lower case, with dashes for underscores.
    public static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Returns whether `Accept-Encoding` accepts a coding: by its name or by `*`, with a weight other than zero.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3">RFC 9110, section 12.5.3</a>
    public static boolean accepts(String coding, List<String> values) {
        var any = false;
        for (var item : String.join(",", values).split(",")) {
            var parts = item.split(";");
            var name = parts[0].strip();
            if (name.equalsIgnoreCase(coding)) return isWanted(parts);
            if (name.equals("*")) any = isWanted(parts);
        }
        return any;
    }

    private static boolean isWanted(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            // An invalid weight does not count as acceptance.
            if (parts[i].strip().matches("(?i)q\\s*=.*"))
                return parts[i].strip().matches("(?i)q\\s*=\\s*(0?\\.0*[1-9][0-9]*|1(\\.0*)?)");
        }
        return true;
    }
}
