package lib.usage;

/// The fields of an answer that change its price, as the upstream wrote them. A text is empty if the answer lacks it.
///
///     new BillingHints("gpt-5.4", "flex", "", "", false, 0)   // OpenAI's cheap tier
///
/// @param answeredModel the model that answered, which may be another than the one that was asked for
/// @param serviceTier OpenAI's `service_tier` and Anthropic's `usage.service_tier`: `default`, `flex`,
///     `priority`, `standard`, `batch`
/// @param speed Anthropic's `usage.speed`: `fast`
/// @param region Anthropic's `usage.inference_geo`: `us`
/// @param batch whether the answer is the result of a batch
/// @param mediaTokens how many of the counted tokens are of sound, of generated pictures or of another model that
///     was asked for advice, which have rates of their own: the model's rates of text don't hold for them
public record BillingHints(
        String answeredModel, String serviceTier, String speed, String region, boolean batch, long mediaTokens) {
    /// The hints of an answer that has none of these fields.
    public static final BillingHints NONE = new BillingHints("", "", "", "", false, 0);
}
