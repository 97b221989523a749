package lib.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;

/// What the gateway and the model behind it made of one real request, and what each refusal asks for.
final class RequestCheck {
    static final String NAME = "request";

    private static final Pattern KEY_TO_RENEW =
            Pattern.compile("\\(HTTP 40[13]\\).*(?:rpkai secret set|renew) ([A-Z][A-Z0-9_]{0,63})\\b");
    private static final int SHOWN = 160;

    /// Where a provider's stored secret is named, by its type.
    private static final Map<ProviderType, String> REFERENCES = Map.of(
            ProviderType.ANTHROPIC,
            "--anthropic-config.api-key-ref",
            ProviderType.OPENAI,
            "--openai-config.api-key-ref",
            ProviderType.OPENAI_COMPATIBLE,
            "--openai-compatible-config.api-key-ref",
            ProviderType.GOOGLE,
            "--google-config.api-key-ref",
            ProviderType.BEDROCK,
            "--access-key-id-ref");

    private RequestCheck() {}

    /// An answer.
    ///
    /// @param retryAfter the seconds of `Retry-After`
    /// @param took how long it took
    record Answer(int status, String body, Optional<String> retryAfter, Duration took) {}

    /// @param model the model that was asked
    /// @param provider empty where it can't be read
    /// @param keys the variables that a gateway in this process took its keys from; empty for another gateway
    /// @param token what must not be shown, should a server repeat it
    static CheckResult of(
            Answer answer,
            String model,
            Optional<Provider> provider,
            Optional<Map<String, String>> keys,
            Optional<Secret> token,
            InspectedLaunch launch,
            Platform platform) {
        if (answer.status() / 100 == 2)
            return CheckResult.ok(
                    NAME,
                    "HTTP %d in %d ms from %s"
                            .formatted(answer.status(), answer.took().toMillis(), model));
        var error = error(answer.body());
        var said = shown(error.path("message").asText(error.isTextual() ? error.asText() : ""), token);
        var found = "HTTP %d%s".formatted(answer.status(), said.isEmpty() ? "" : ": " + said);
        return CheckResult.failed(NAME, found, mend(answer, error, model, provider, keys, launch, platform));
    }

    private static String mend(
            Answer answer,
            JsonNode error,
            String model,
            Optional<Provider> provider,
            Optional<Map<String, String>> keys,
            InspectedLaunch launch,
            Platform platform) {
        var name = launch.provider().orElse("");
        var message = error.path("message").asText("");
        // The gateway says so where an upstream does not take its key, and names the key.
        var renewed = KEY_TO_RENEW.matcher(message);
        if (renewed.find())
            return keys.isPresent()
                    ? platform.export(renewed.group(1), "NEW_KEY")
                    : launch.plain("secret set " + renewed.group(1));
        // AWS's are no one key with a name.
        if (keys.isPresent() && message.contains("renew your AWS credentials"))
            return newKey(provider, keys.get(), launch, platform);
        return switch (answer.status()) {
            // A token that could read the provider a moment ago is good: it is the upstream that refuses the
            // stored key.
            case 401 ->
                keys.isPresent()
                        ? newKey(provider, keys.get(), launch, platform)
                        : provider.map(p -> launch.asking("llm update %s %s NEW_REFERENCE"
                                        .formatted(name, REFERENCES.getOrDefault(p.type(), "--api-key-ref"))))
                                .orElseGet(() -> launch.plain("auth login"));
            case 402 -> "ask whoever pays for \"%s\" to raise its budget or add credit".formatted(name);
            case 403 ->
                error.path("type").asText().equals("model_not_allowed")
                        ? launch.run(name, Optional.of(other(provider, model)))
                        : message.contains("disabled")
                                ? launch.asking("llm update %s --enabled".formatted(name))
                                : keys.isPresent()
                                        ? newKey(provider, keys.get(), launch, platform)
                                        : "ask the gateway's administrator for dataplane_adp_llmprovider_invoke";
            case 404 ->
                provider.isEmpty() ? launch.asking("llm list") : launch.run(name, Optional.of(other(provider, model)));
            case 408, 429, 500, 502, 503, 504, 529 ->
                launch.later(answer.retryAfter()
                        .filter(s -> s.matches("\\d{1,5}"))
                        .map(Long::valueOf)
                        .orElse(60L));
            default ->
                message.contains("credit")
                        ? "ask whoever pays for \"%s\" to raise its budget or add credit".formatted(name)
                        : launch.asking("llm check " + name);
        };
    }

    /// Sets the variable that the provider's key came from.
    private static String newKey(
            Optional<Provider> provider, Map<String, String> keys, InspectedLaunch launch, Platform platform) {
        var type = provider.map(Provider::type).orElse(launch.agent().launched().usual());
        if (type.equals(ProviderType.ANTHROPIC)) return platform.export("ANTHROPIC_API_KEY", "NEW_KEY");
        if (type.equals(ProviderType.OPENAI)) return platform.export("OPENAI_API_KEY", "NEW_KEY");
        if (type.equals(ProviderType.GOOGLE))
            return platform.export(isSet(keys, "GEMINI_API_KEY") ? "GEMINI_API_KEY" : "GOOGLE_API_KEY", "NEW_KEY");
        if (!type.equals(ProviderType.BEDROCK))
            return launch.asking("llm check " + launch.provider().orElse(""));
        if (isSet(keys, "AWS_BEARER_TOKEN_BEDROCK")) return platform.export("AWS_BEARER_TOKEN_BEDROCK", "NEW_KEY");
        if (!isSet(keys, "AWS_ACCESS_KEY_ID"))
            return "aws sso login" + (isSet(keys, "AWS_PROFILE") ? " --profile " + keys.get("AWS_PROFILE") : "");
        return platform.export("AWS_ACCESS_KEY_ID", "NEW_ID") + "; "
                + platform.export("AWS_SECRET_ACCESS_KEY", "NEW_KEY");
    }

    private static boolean isSet(Map<String, String> variables, String name) {
        return !variables.getOrDefault(name, "").isEmpty();
    }

    private static String other(Optional<Provider> provider, String model) {
        return provider.stream()
                .flatMap(p -> p.models().stream())
                .filter(m -> !m.equals(model))
                .findFirst()
                .orElse("MODEL");
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

    private static String shown(String message, Optional<Secret> token) {
        var text = token.map(t -> message.replace(t.reveal(), Secret.REDACTED))
                .orElse(message)
                .replaceAll("\\p{Cc}+", " ")
                .strip();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " ...";
    }
}
