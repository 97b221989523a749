package lib.api.type;

import lib.api.type.ProviderSpec.ClientSpec;
import lib.api.type.ProviderSpec.ConfigSpec;
import lib.api.type.ProviderSpec.ProviderNames;
import lib.api.type.ProviderSpec.UpstreamSpec;

/// The type for any upstream with OpenAI's API. It has no default URL, and its upstream may require no key.
public final class OpenAiCompatibleType {
    public static final ProviderSpec SPEC = new ProviderSpec(
            new ProviderNames("OpenAI-compatible", "openai_compatible", "", "", ""),
            ProviderApi.OPENAI,
            ConfigSpec.keyed("openaiCompatibleConfig", false),
            new UpstreamSpec("", "Authorization", "Bearer "),
            new ClientSpec(
                    OpenAiType.BASE, OpenAiType.VARIABLES, OpenAiType.SAMPLES, OpenAiType.smallest("max_tokens")));

    private OpenAiCompatibleType() {}
}
