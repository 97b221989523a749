package lib.api.type;

import java.util.List;
import java.util.Map;

/// Everything that differs from one type of provider to the next and is data. What is code is behind the type's
/// [ProviderApi]: its format and its demo.
///
///     ProviderType.ANTHROPIC.spec().upstream().url()   // "https://api.anthropic.com"
///
/// @param names what others call it
/// @param api the API that it speaks
/// @param config its configuration in the wire's JSON
/// @param upstream where its requests go, and what gets them in
/// @param client how programs reach it
public record ProviderSpec(
        ProviderNames names, ProviderApi api, ConfigSpec config, UpstreamSpec upstream, ClientSpec client) {

    /// Names of the type, each for one reader.
    ///
    /// @param title for people, `Amazon Bedrock`
    /// @param telemetry OpenTelemetry's `gen_ai.provider.name`, `aws.bedrock`
    /// @param machine the provider that a gateway makes of this machine's environment variables; empty for a type
    ///     that it makes none of
    /// @param demo the demo provider of this type; empty for a type without one
    /// @param demoNote what its title adds, `, as on Bedrock`; may be empty
    /// @see <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/">OpenTelemetry's
    ///     names</a>
    public record ProviderNames(String title, String telemetry, String machine, String demo, String demoNote) {}

    /// The configuration in proto3 JSON.
    ///
    /// @param field that holds it, `anthropicConfig`
    /// @param fields those below it
    /// @param credentials fields of which a provider has at most one, `apiKeyRef` and `authorizationPassthrough`
    /// @param keyField the field that `--api-key-ref` sets
    /// @param needsCredential whether one of [#credentials] has to be there; Bedrock has the machine's own to fall
    ///     back on, a compatible upstream may ask for none
    public record ConfigSpec(
            String field,
            List<ConfigField> fields,
            List<String> credentials,
            String keyField,
            boolean needsCredential) {
        public ConfigSpec {
            fields = List.copyOf(fields);
            credentials = List.copyOf(credentials);
        }

        /// One with a URL, a key, and the caller's own credential in place of the key.
        static ConfigSpec keyed(String field, boolean needsCredential) {
            var fields = List.of(ConfigField.BASE_URL, ConfigField.API_KEY_REF, ConfigField.PASSTHROUGH);
            return new ConfigSpec(
                    field,
                    fields,
                    List.of(ConfigField.API_KEY_REF.path(), ConfigField.PASSTHROUGH.path()),
                    ConfigField.API_KEY_REF.path(),
                    needsCredential);
        }

        /// The flag of `rpkai llm update` that sets [#keyField], `--anthropic-config.api-key-ref`.
        public String keyFlag() {
            return fields.stream()
                    .filter(each -> each.path().equals(keyField))
                    .flatMap(each -> each.flags().stream())
                    .findFirst()
                    .orElseGet(() -> ConfigField.flag(field + "." + keyField));
        }

        /// Whether there is such a field.
        public boolean has(String path) {
            for (var field : fields) if (field.path().equals(path)) return true;
            return false;
        }

        /// Whether it may pass the caller's own credential on.
        public boolean canPassThrough() {
            return has(ConfigField.PASSTHROUGH.path());
        }
    }

    /// Where requests go.
    ///
    /// @param url the base URL where none is configured; empty where one has to be. `{region}` stands for AWS's
    /// @param header the header that holds the key; empty where requests are signed as AWS has it
    /// @param scheme what stands before the key in it, such as `Bearer `; may be empty
    public record UpstreamSpec(String url, String header, String scheme) {
        /// Whether requests carry a signature of AWS's in place of a key.
        public boolean isSigned() {
            return header.isEmpty();
        }

        /// The base URL in an AWS region, `https://bedrock-runtime.eu-central-1.amazonaws.com`.
        public String url(String region) {
            var inRegion = url.replace("{region}", region);
            return isSigned() && region.startsWith("cn-") ? inRegion + ".cn" : inRegion;
        }
    }

    /// How programs reach a provider of the type.
    ///
    /// @param base what their SDKs expect behind the proxy URL, `/v1`; may be empty
    /// @param variables the environment variables that their SDKs read
    /// @param samples programs to start from
    /// @param smallest the smallest request that a model answers, at the least cost
    public record ClientSpec(String base, SdkVariables variables, Samples samples, SampleRequest smallest) {}

    /// Environment variables of the vendor's SDKs.
    ///
    /// @param urls of the base URL, the preferred one first
    /// @param keys of the key, the preferred one first
    /// @param region of AWS's region; empty elsewhere
    /// @param own of the caller's own credential, where the provider passes that on; empty where it cannot
    public record SdkVariables(List<String> urls, List<String> keys, String region, String own) {
        public SdkVariables {
            urls = List.copyOf(urls);
            keys = List.copyOf(keys);
        }
    }

    /// Programs that say hello. In all texts `{model}` and `{region}` stand for those.
    public record Samples(SdkSample python, SdkSample node, CurlSample curl) {}

    /// A program with the vendor's own SDK.
    ///
    /// @param text with `{token}` for the line that gets the gateway's token, `{url}` and `{auth}`
    /// @param key what `{auth}` is where the gateway's token goes in place of the key; may be empty
    /// @param beside what `{auth}` is where it goes beside the caller's own credential; may be empty
    public record SdkSample(String text, String key, String beside) {}

    /// A request of curl's.
    ///
    /// @param tokenHeader what stands before the gateway's token, `Authorization: Bearer `
    public record CurlSample(SampleRequest request, String tokenHeader) {}

    /// An HTTP POST.
    ///
    /// @param path below the proxy URL, with `{model}`, URL-encoded
    /// @param body JSON, with `{model}`, a JSON string
    /// @param headers besides `Content-Type` and those of the credential
    public record SampleRequest(String path, String body, Map<String, String> headers) {
        public SampleRequest(String path, String body) {
            this(path, body, Map.of());
        }
    }
}
