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
/// @param model the model that answered, where it is another name than the one that was asked for
/// @param tier `flex`, `priority`, `batch`
/// @param speed `fast`
/// @param region `us`, where inference was bound to a place
public record PriceVariant(String model, String tier, String speed, String region) {
    /// Nothing is said.
    public static final PriceVariant STANDARD = new PriceVariant("", "", "", "");
    /// `auto` names no tier: it repeats that the request left the choice to the upstream. `on_demand` is what
    /// Google's and Groq's answers call their standard tier.
    private static final Set<String> STANDARD_TIERS = Set.of("", "default", "standard", "auto", "on_demand");
    private static final Set<String> STANDARD_SPEEDS = Set.of("", "standard");
    private static final Set<String> ANYWHERE = Set.of("", "global", "not_available");
    private static final int LONGEST = 200;

    /// Those of a call.
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
