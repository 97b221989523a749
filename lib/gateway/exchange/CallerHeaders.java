package lib.gateway.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which headers of a caller go upstream: all but those by which the caller would choose for whom the gateway's
/// key pays, bring credentials of its own, name another method, or say where the request comes from.
///
///     CallerHeaders.goUpstream("anthropic-beta", false)    // true
///     CallerHeaders.goUpstream("X_Forwarded_For", false)   // false
public final class CallerHeaders {
    /// Accounts that a key may have several of.
    private static final Set<String> ACCOUNTS = Set.of("openai-organization", "openai-project", "x-goog-user-project");
    /// Which of its accounts a ChatGPT subscription is used with: the caller's to say where the subscription is,
    /// too.
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

    /// The gateway reads these by their own names only: under another spelling they would say something else to
    /// the upstream.
    private static final Set<String> READ_HERE =
            Set.of("content-type", "content-encoding", "accept-encoding", "mcp-session-id");
    /// Words of names such as `azureml-model-deployment`, by which servers choose a model.
    private static final Set<String> MODELS = Set.of("model", "models", "deployment", "engine");
    /// With these a gateway of another maker answers with another model, or asks another host.
    private static final Set<String> ROUTES = Set.of(
            "x-portkey-config",
            "x-portkey-provider",
            "x-portkey-virtual-key",
            "x-portkey-custom-host",
            "helicone-fallbacks",
            "helicone-target-url");

    private CallerHeaders() {}

    /// @param passthrough whether the caller uses the upstream with credentials of its own
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

    /// Whether some server takes the model that answers from a header of that name. A list of models reads none
    /// of them.
    ///
    ///     CallerHeaders.chooseModel("azureml-model-deployment")   // true
    public static boolean chooseModel(String name) {
        var canonical = canonical(name);
        return ROUTES.contains(canonical) || Arrays.stream(canonical.split("-")).anyMatch(MODELS::contains);
    }

    /// Whether some server takes both names for one.
    public static boolean isSame(String name, String other) {
        return canonical(name).equals(canonical(other));
    }

    /// A name as the most forgiving servers read it: without case, an underscore as a dash.
    public static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether `Accept-Encoding` accepts a coding: by its name or by `*`, with a weight that is not zero.
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
            // A weight that is none is not trusted to mean yes.
            if (parts[i].strip().matches("(?i)q\\s*=.*"))
                return parts[i].strip().matches("(?i)q\\s*=\\s*(0?\\.0*[1-9][0-9]*|1(\\.0*)?)");
        }
        return true;
    }
}
