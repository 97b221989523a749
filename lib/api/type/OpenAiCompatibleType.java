package lib.api.type;

import lib.api.type.ProviderSpec.ClientSpec;
import lib.api.type.ProviderSpec.ConfigSpec;
import lib.api.type.ProviderSpec.ProviderNames;
import lib.api.type.ProviderSpec.UpstreamSpec;

/// Any upstream that speaks OpenAI's API. It has no URL of its own, and may ask for no key.
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
