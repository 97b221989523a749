package lib.usage.pricing;

import java.util.Locale;
import java.util.Set;
import lib.usage.BillingHints;
import lib.usage.Call;

/// Which of a model's prices a call is charged at, read from the [BillingHints] of its answer. A text is empty if the
/// standard price applies.
///
///     PriceVariant.of(call)   // PriceVariant[model=, tier=flex, speed=, region=]
///
/// @param model the model that answered, if its name is not the one in the request
/// @param tier the service tier: `flex`, `priority`, `batch`
/// @param speed the speed: `fast`
/// @param region the place to which the inference was bound, such as `us`
public record PriceVariant(String model, String tier, String speed, String region) {
    /// The variant of an answer to which the standard price applies.
    public static final PriceVariant STANDARD = new PriceVariant("", "", "", "");
    /// `auto` names no tier: it repeats that the request left the choice to the upstream. `on_demand` is what
    /// Google's and Groq's answers call their standard tier.
    private static final Set<String> STANDARD_TIERS = Set.of("", "default", "standard", "auto", "on_demand");
    private static final Set<String> STANDARD_SPEEDS = Set.of("", "standard");
    private static final Set<String> ANYWHERE = Set.of("", "global", "not_available");
    private static final int LONGEST = 200;

    /// Reads the variant from the billing hints of a call.
    public static PriceVariant of(Call call) {
        var said = call.terms();
        if (said.equals(BillingHints.NONE)) return STANDARD;
        var model = clean(said.answeredModel());
        return new PriceVariant(
                model.equals(call.model()) ? "" : model,
                said.batch() ? "batch" : unless(STANDARD_TIERS, said.serviceTier()),
                unless(STANDARD_SPEEDS, said.speed()),
                unless(ANYWHERE, said.region()));
    }

    private static String unless(Set<String> usual, String said) {
        var word = clean(said).toLowerCase(Locale.ROOT);
        return usual.contains(word) ? "" : word;
    }

    private static String clean(String said) {
        var text = said.strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
