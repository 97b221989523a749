package lib.api.type;

import java.util.List;
import java.util.Map;

/// The data in which provider types differ. Differences in behaviour are in the code for a type's [ProviderApi]:
/// its format and its demo.
///
///     ProviderType.ANTHROPIC.spec().upstream().url()   // "https://api.anthropic.com"
///
/// @param names the names of the type
/// @param api the API of the type
/// @param config the configuration of a provider in JSON
/// @param upstream the URL and the credentials of the upstream
/// @param client the settings and samples for programs that use a provider
public record ProviderSpec(
        ProviderNames names, ProviderApi api, ConfigSpec config, UpstreamSpec upstream, ClientSpec client) {

    /// The names of the type for different readers.
    ///
    /// @param title the name for people, `Amazon Bedrock`
    /// @param telemetry the value of OpenTelemetry's `gen_ai.provider.name`, `aws.bedrock`
    /// @param machine the provider that a gateway makes from the environment variables of its machine; empty if
    ///     it makes none of this type
    /// @param demo the demo provider of this type; empty for a type without one
    /// @param demoNote the text that the title of the demo provider adds, `, as on Bedrock`; may be empty
    /// @see <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/">OpenTelemetry's
    ///     names</a>
    public record ProviderNames(String title, String telemetry, String machine, String demo, String demoNote) {}

    /// The configuration of a provider in proto3 JSON.
    ///
    /// @param field the field that holds the configuration, `anthropicConfig`
    /// @param fields the fields below it
    /// @param credentials the fields for credentials, of which a provider has at most one, `apiKeyRef` and
    ///     `authorizationPassthrough`
    /// @param keyField the field that `--api-key-ref` sets
    /// @param needsCredential whether one of [#credentials] is required. Bedrock can use the credentials of the
    ///     machine, and a compatible upstream may require none
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

        /// Returns a configuration with a URL and either a key or the caller's own credential.
        static ConfigSpec keyed(String field, boolean needsCredential) {
            var fields = List.of(ConfigField.BASE_URL, ConfigField.API_KEY_REF, ConfigField.PASSTHROUGH);
            return new ConfigSpec(
                    field,
                    fields,
                    List.of(ConfigField.API_KEY_REF.path(), ConfigField.PASSTHROUGH.path()),
                    ConfigField.API_KEY_REF.path(),
                    needsCredential);
        }

        /// Returns the flag of `rpkai llm update` that sets [#keyField], such as `--anthropic-config.api-key-ref`.
        public String keyFlag() {
            return fields.stream()
                    .filter(each -> each.path().equals(keyField))
                    .flatMap(each -> each.flags().stream())
                    .findFirst()
                    .orElseGet(() -> ConfigField.flag(field + "." + keyField));
        }

        /// Returns whether there is such a field.
        public boolean has(String path) {
            for (var field : fields) if (field.path().equals(path)) return true;
            return false;
        }

        /// Returns whether a provider can pass the caller's own credential on.
        public boolean canPassThrough() {
            return has(ConfigField.PASSTHROUGH.path());
        }
    }

    /// The upstream of a type.
    ///
    /// @param url the default base URL; empty if one must be configured. `{region}` stands for the AWS region
    /// @param header the header that holds the key; empty if requests have an AWS signature instead
    /// @param scheme the text before the key, such as `Bearer `; may be empty
    public record UpstreamSpec(String url, String header, String scheme) {
        /// Returns whether requests have an AWS signature instead of a key.
        public boolean isSigned() {
            return header.isEmpty();
        }

        /// Returns the base URL in an AWS region, `https://bedrock-runtime.eu-central-1.amazonaws.com`.
        public String url(String region) {
            var inRegion = url.replace("{region}", region);
            return isSigned() && region.startsWith("cn-") ? inRegion + ".cn" : inRegion;
        }
    }

    /// The settings and samples for programs that use a provider of the type.
    ///
    /// @param base the path that their SDKs expect after the proxy URL, `/v1`; may be empty
    /// @param variables the environment variables that their SDKs read
    /// @param samples the sample programs
    /// @param smallest the cheapest request that a model answers
    public record ClientSpec(String base, SdkVariables variables, Samples samples, SampleRequest smallest) {}

    /// The environment variables of the vendor's SDKs.
    ///
    /// @param urls the variables for the base URL, the preferred one first
    /// @param keys the variables for the key, the preferred one first
    /// @param region the variable for the AWS region; empty for other types
    /// @param own the variable for the caller's own credential; empty if the type cannot pass it on
    public record SdkVariables(List<String> urls, List<String> keys, String region, String own) {
        public SdkVariables {
            urls = List.copyOf(urls);
            keys = List.copyOf(keys);
        }
    }

    /// Sample programs that say hello. In all texts `{model}` and `{region}` are placeholders.
    public record Samples(SdkSample python, SdkSample node, CurlSample curl) {}

    /// A sample program with the vendor's own SDK.
    ///
    /// @param text the program; `{token}` is the line that gets the gateway's token, `{url}` the URL, and
    ///     `{auth}` the credentials
    /// @param key the value of `{auth}` if the gateway's token takes the place of the key; may be empty
    /// @param beside the value of `{auth}` if the token is sent beside the caller's own credential; may be empty
    public record SdkSample(String text, String key, String beside) {}

    /// A sample request for curl.
    ///
    /// @param tokenHeader the text before the gateway's token, `Authorization: Bearer `
    public record CurlSample(SampleRequest request, String tokenHeader) {}

    /// An HTTP POST.
    ///
    /// @param path the path below the proxy URL; `{model}` stands for the URL-encoded model
    /// @param body the JSON; `{model}` stands for the model as a JSON string
    /// @param headers the headers besides `Content-Type` and those of the credential
    public record SampleRequest(String path, String body, Map<String, String> headers) {
        public SampleRequest(String path, String body) {
            this(path, body, Map.of());
        }
    }
}
