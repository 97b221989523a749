package lib.agents;

import lib.api.DidYouMean;
import lib.api.Provider;
import lib.base.UserError;

/// The message about a model that the provider's allowlist does not contain.
///
///     DisallowedModel.notAllowed("claude-sonet-4-5", provider)
public final class DisallowedModel {
    private DisallowedModel() {}

    /// The same message as an error, for `--strict-model`; bad usage.
    public static UserError refusal(String model, Provider provider) {
        return UserError.usage(notAllowed(model, provider), "choose an allowed model with -m, or omit --strict-model");
    }

    /// Returns `model "x" is not allowed …; allowed: …; did you mean "y"?`
    public static String notAllowed(String model, Provider provider) {
        return "model \"%s\" is not allowed by provider \"%s\"; allowed: %s%s"
                .formatted(
                        model,
                        provider.name(),
                        String.join(", ", provider.models()),
                        DidYouMean.of(model, provider.models())
                                .map("; did you mean \"%s\"?"::formatted)
                                .orElse(""));
    }
}
