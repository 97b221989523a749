package lib.usage.pricing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The name of a model in a request, divided into the model itself and the place where it runs.
///
///     ModelId.of("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0")
///     // ModelId[name=anthropic.claude-sonnet-4-5, exact=anthropic.claude-sonnet-4-5-20250929-v1:0, global=false]
///
/// @param name the model without its date and version
/// @param exact the model with its date and version
/// @param global whether the model may run anywhere. On Bedrock this is so with the `global` profile only:
///     another profile, or none, binds it to a region
/// @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html">Bedrock's
///     profiles</a>
record ModelId(String name, String exact, boolean global) {
    private static final Pattern PROFILE =
            Pattern.compile("^(global|us-gov|us|eu|apac|jp|au|ca|sa|me|af|il|mx)\\.(?=[a-z0-9]+\\.)");
    private static final Pattern BEDROCK_VERSION = Pattern.compile("-v\\d+(:\\d+)?(:\\w+)?$");
    /// `claude-…-20250929`, `gpt-…-2026-09-29`, `…-latest`.
    private static final Pattern SNAPSHOT = Pattern.compile("(-20\\d{6}|-20\\d\\d-\\d\\d-\\d\\d|-latest)+$");
    /// The mark that Claude Code adds for a long context. It may stand before or after a date.
    private static final Pattern LONG_CONTEXT = Pattern.compile("(?i)\\[1m]");
    /// The ending that turns a model's name into the name of one of its snapshots: `-0305`, `-001`. One or two
    /// digits are another version instead.
    private static final Pattern DIGITS = Pattern.compile("-[0-9]{3,}[0-9-]*");

    /// Reads the name of a model in a request.
    ///
    /// @param type the provider's type, such as `bedrock`
    static ModelId of(String type, String model) {
        var text = LONG_CONTEXT.matcher(model.strip()).replaceAll("");
        return switch (type) {
            case "bedrock" -> bedrock(text);
            case "google" -> plain(text.replaceFirst("^models/", ""));
            default -> plain(text);
        };
    }

    /// Reads the name of a model in an answer to a request for this one. The answer may leave out the maker,
    /// write it in another way, or not repeat the Bedrock profile.
    ModelId answered(String type, String model) {
        var bare = model.substring(model.lastIndexOf('/') + 1);
        if (!type.equals("bedrock")) return of(type, bare);
        var id = bedrock(bare);
        if (name.equals(id.name) || name.endsWith("." + id.name)) return this;
        var prefix = id.name.startsWith("claude") ? "anthropic." : "";
        return new ModelId(prefix + id.name, prefix + id.exact, global);
    }

    /// Tells whether the other model is this one or a snapshot of it.
    boolean isAlso(ModelId other) {
        return other.name.equals(name)
                || other.exact.startsWith(name)
                        && DIGITS.matcher(other.exact.substring(name.length())).matches();
    }

    private static ModelId plain(String exact) {
        return new ModelId(SNAPSHOT.matcher(exact).replaceFirst(""), exact, true);
    }

    private static ModelId bedrock(String text) {
        var decoded = text.contains("%") ? decoded(text) : text;
        // Only the last part of an ARN is the model:
        var id = decoded.startsWith("arn:") ? decoded.substring(decoded.lastIndexOf('/') + 1) : decoded;
        var profile = PROFILE.matcher(id);
        var global = profile.find() && profile.group(1).equals("global");
        var exact = PROFILE.matcher(id).replaceFirst("");
        return new ModelId(
                SNAPSHOT.matcher(BEDROCK_VERSION.matcher(exact).replaceFirst(""))
                        .replaceFirst(""),
                exact,
                global);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
