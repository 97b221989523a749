package lib.doctor.checks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.regex.Pattern;

/// The error of a request that the gateway or the provider refused. Their APIs have few codes, so for some causes the
/// words of the message are the only sign. This is the one place of the doctor that reads such words.
///
///     new RequestError(403, "model_not_allowed", "model \"x\" is not allowed …").cause()   // MODEL_NOT_ALLOWED
///
/// @param status the HTTP status
/// @param type the error's `type`; empty where there is none
/// @param message the error's `message`; empty where there is none
record RequestError(int status, String type, String message) {
    /// A gateway names the key that its upstream does not take: as a stored secret, or as a variable.
    private static final Pattern REFUSED_KEY =
            Pattern.compile("\\(HTTP 40[13]\\).*(?:rpkai secret set|renew) ([A-Z][A-Z0-9_]{0,63})\\b");

    /// A gateway says what is wrong with the client certificate that it shows to its upstream, and how to solve it.
    private static final Pattern CERTIFICATE = Pattern.compile(
            "(.*client (?:certificate|key)\\b.*?): .*?run ((?:rpkai|openssl) .+?)(?: on the gateway's " + "machine)?");

    /// A gateway in this process says this of AWS credentials, which are no single key.
    private static final String REFUSED_AWS_CREDENTIALS = "renew your AWS credentials";

    /// A gateway says this of a disabled provider.
    private static final String DISABLED = "disabled";

    /// Anthropic answers 400 with "Your credit balance is too low to access the Anthropic API".
    private static final String CREDIT = "credit";

    /// What a request was refused for.
    enum Cause {
        /// The upstream refuses a key that the gateway names: see [RequestError#refusedKey].
        NAMED_KEY,
        /// The certificate that the gateway shows to its upstream cannot be used: see
        /// [RequestError#certificateCommand].
        CERTIFICATE,
        /// AWS refuses the machine's credentials.
        AWS_CREDENTIALS,
        /// A key is refused, and the answer does not say which.
        KEY,
        /// The provider's account has no credit.
        CREDIT,
        MODEL_NOT_ALLOWED,
        PROVIDER_DISABLED,
        /// The caller has no permission.
        PERMISSION,
        NOT_FOUND,
        /// The same request may work later.
        TEMPORARY,
        OTHER
    }

    /// Reads the body of an answer.
    static RequestError of(int status, String body) {
        var error = error(body);
        return new RequestError(
                status,
                error.path("type").asText(""),
                error.path("message").asText(error.isTextual() ? error.asText() : ""));
    }

    /// What the request was refused for.
    Cause cause() {
        if (refusedKey().isPresent()) return Cause.NAMED_KEY;
        if (certificateCommand().isPresent()) return Cause.CERTIFICATE;
        if (message.contains(REFUSED_AWS_CREDENTIALS)) return Cause.AWS_CREDENTIALS;
        return switch (status) {
            case 401 -> Cause.KEY;
            case 402 -> Cause.CREDIT;
            case 403 ->
                type.equals("model_not_allowed")
                        ? Cause.MODEL_NOT_ALLOWED
                        : message.contains(DISABLED) ? Cause.PROVIDER_DISABLED : Cause.PERMISSION;
            case 404 -> Cause.NOT_FOUND;
            case 408, 429, 500, 502, 503, 504, 529 -> Cause.TEMPORARY;
            default -> message.contains(CREDIT) ? Cause.CREDIT : Cause.OTHER;
        };
    }

    /// The name of the key that the upstream refuses, where the gateway names one.
    Optional<String> refusedKey() {
        var key = REFUSED_KEY.matcher(message);
        return key.find() ? Optional.of(key.group(1)) : Optional.empty();
    }

    /// The command that solves what is wrong with a client certificate.
    Optional<String> certificateCommand() {
        var certificate = CERTIFICATE.matcher(message);
        return certificate.matches() ? Optional.of(certificate.group(2)) : Optional.empty();
    }

    /// The message, without the command that the doctor shows in a line of its own.
    String withoutCommand() {
        var certificate = CERTIFICATE.matcher(message);
        return certificate.matches() ? certificate.group(1) : message;
    }

    private static JsonNode error(String body) {
        try {
            var json = new ObjectMapper().readTree(body);
            if (json.has("error")) return json.path("error");
            return json.isObject() ? json : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
