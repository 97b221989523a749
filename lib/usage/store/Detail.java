package lib.usage.store;

import java.util.Comparator;
import java.util.List;
import lib.usage.Attribution;
import lib.usage.Call;
import lib.usage.pricing.PriceVariant;

/// The facts that only some calls have: the price variant, the route to the upstream, and the attribution.
///
///     Detail.of(call).isNone()
record Detail(PriceVariant terms, Attribution attribution) implements Comparable<Detail> {
    static final Detail NONE = new Detail(PriceVariant.STANDARD, Attribution.NONE);
    private static final int LONGEST = 200;
    private static final Comparator<Detail> ORDER = Comparator.comparing(detail -> String.join("\0", detail.labels()));

    static Detail of(Call call) {
        var terms = PriceVariant.of(call);
        var given = call.attribution();
        if (terms.equals(PriceVariant.STANDARD) && isNone(given)) return NONE;
        return new Detail(
                new PriceVariant(
                        clean(terms.model()), clean(terms.tier()), clean(terms.speed()), clean(terms.region())),
                // The number of attempts is summed instead.
                new Attribution(
                        clean(given.target()),
                        1,
                        clean(given.team()),
                        clean(given.project()),
                        clean(given.branch()),
                        clean(given.tag()),
                        clean(given.key()),
                        clean(given.tool())));
    }

    private static boolean isNone(Attribution given) {
        return given.equals(Attribution.NONE)
                || given.equals(new Attribution("", given.attempts(), "", "", "", "", "", ""));
    }

    private static String clean(String text) {
        return Batch.clean(text, LONGEST);
    }

    boolean isNone() {
        return equals(NONE);
    }

    /// Returns the values of [UsageSchema#DETAILS] in their order.
    List<String> labels() {
        return List.of(
                terms.model(),
                terms.tier(),
                terms.speed(),
                terms.region(),
                attribution.target(),
                attribution.team(),
                attribution.project(),
                attribution.branch(),
                attribution.tag(),
                attribution.key(),
                attribution.tool());
    }

    @Override
    public int compareTo(Detail other) {
        return this == other ? 0 : ORDER.compare(this, other);
    }
}
