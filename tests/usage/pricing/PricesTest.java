package tests.usage.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import lib.usage.BillingHints;
import lib.usage.Call;
import lib.usage.Measured;
import lib.usage.Usage;
import lib.usage.pricing.Cost;
import lib.usage.pricing.Prices;
import lib.usage.pricing.Rates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Costs, calculated by hand from the pages that the list names.
class PricesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Usage MIXED = new Usage(1_000, 2_000, 10_000, 4_000, 500, 300);

    /// 1,000 input, 2,000 output, 10,000 cached, 4,000 and 500 written to the cache.
    @ParameterizedTest
    @CsvSource({
        // 1000*4 + 2000*20 + 10000*0.20 + 4000*5 + 500*8 = 4000+40000+2000+20000+4000 = 70,000 millionths of
        // a dollar
        "anthropic, claude-opus-5-5, 0.07",
        // 1000*2 + 2000*10 + 10000*0.10 + 4000*2.50 + 500*4 = 2000+20000+1000+10000+2000
        "anthropic, claude-sonnet-5-5, 0.035",
        "anthropic, claude-sonnet-5-5[1m], 0.035",
        // 1000*1 + 2000*5 + 10000*0.10 + 4000*1.25 + 500*2 = 1000+10000+1000+5000+1000
        "anthropic, claude-haiku-4-5-20251001, 0.018",
        "anthropic, claude-haiku-4-5-20251001[1m], 0.018",
        "anthropic, claude-haiku-4-5[1M]-20251001, 0.018",
        // 1000*0.10 + 2000*0.50 + 10000*0.01 + 4000*0.125 + 500*0.20 = 100+1000+100+500+100
        "anthropic, claude-haiku-5-5, 0.0018",
        // 1000*2 + 2000*10 + 10000*0.10 + 4500*2.50 = 2000+20000+1000+11250
        "openai, gpt-6.1-sol-2026-09-29, 0.03425",
        // 1000*1 + 2000*5 + 10000*0.05 + 4500*1.25 = 1000+10000+500+5625
        "openai, gpt-6.1-terra, 0.017125",
        // 1000*1.75 + 2000*14 + 10000*0.175 + 4500*1.75 = 1750+28000+1750+7875
        "openai, gpt-5.3-codex, 0.039375",
        // 1000*0.75 + 2000*3.75 + 10000*0.075 + 4500*0.75 = 750+7500+750+3375
        "google, models/gemini-3.8-flash, 0.012375",
        // As Anthropic's own, in any region: 1000*3 + 2000*15 + 10000*0.30 + 4000*3.75 + 500*6 =
        // 3000+30000+3000+15000+3000
        "bedrock, global.anthropic.claude-sonnet-4-5-20250929-v1:0, 0.054",
        // 10 % more where it is bound to one
        "bedrock, eu.anthropic.claude-sonnet-4-5-20250929-v1:0, 0.0594",
        "bedrock, eu.anthropic.claude-sonnet-4-5-20250929-v1:0[1m], 0.0594",
        "bedrock, us.anthropic.claude-sonnet-4-5-20250929-v1:0, 0.0594",
        "bedrock, anthropic.claude-sonnet-4-5-20250929-v1:0, 0.0594",
        "bedrock, arn:aws:bedrock:eu-central-1:123456789012:inference-profile/"
                + "eu.anthropic.claude-sonnet-4-5-20250929-v1:0,"
                + " 0.0594",
        "bedrock, arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2F"
                + "global.anthropic.claude-sonnet-4-5-20250929-v1%3A0,"
                + " 0.054",
        // Older ones cost the same everywhere: 1000*15 + 2000*75 + 10000*1.50 + 4000*18.75 + 500*30
        "bedrock, us.anthropic.claude-opus-4-1-20250805-v1:0, 0.27",
        // 1000*0.80 + 2000*3.20 + 10000*0.20 + 4500*0.80 = 800+6400+2000+3600
        "bedrock, amazon.nova-pro-v1:0, 0.0128"
    })
    void theCostIsThatOfAHandCalculation(String type, String model, String dollars) {
        assertEquals(
                Cost.microcents(dollars),
                Prices.list().cost(call("p", type, model, MIXED)).orElseThrow().total());
    }

    /// The price of 1,000 input, 2,000 output, 10,000 cached, 4,000 and 500 written to the cache. Opus 5.5 asks
    /// 0.07
    /// dollars for that, see above. Opus 5 and 4.6 to 4.8: 1000*5 + 2000*25 + 10000*0.50 + 4000*6.25 + 500*10 =
    /// 90,000 millionths. GPT 5.4: 1000*2.50 + 2000*15 + 10000*0.25 + 4500*2.50 = 46,250; with priority 1000*5 +
    /// 2000*30 + 10000*0.50 + 4500*5 = 92,500.
    @ParameterizedTest
    @CsvSource(textBlock = """
            # type, asked, answered, tier, speed, region, batch, dollars
            anthropic, claude-opus-5-5, claude-opus-5-5, standard, standard, not_available, false, 0.07
            anthropic, claude-opus-5-5, '', '', '', global, false, 0.07
            anthropic, claude-opus-5-5, '', '', '', us, false, 0.077
            anthropic, claude-opus-5-5, '', '', '', US, false, 0.077
            anthropic, claude-sonnet-4-5, '', '', '', us, false, unpriced
            anthropic, claude-opus-5-5, '', '', '', eu, false, unpriced
            anthropic, claude-opus-5-5, '', '', '', '', true, 0.035
            anthropic, claude-opus-5-5, '', batch, '', '', false, 0.035
            anthropic, claude-opus-5-5, '', batch, '', us, true, 0.0385
            anthropic, claude-opus-5-5, '', priority, '', '', false, unpriced
            anthropic, claude-opus-5-5, '', '', fast, '', false, unpriced
            anthropic, claude-opus-5, '', '', fast, '', false, 0.18
            anthropic, claude-opus-4-8, '', '', fast, us, false, 0.198
            anthropic, claude-opus-4-6, '', '', fast, '', false, 0.54
            anthropic, claude-opus-5, '', '', warp, '', false, unpriced
            openai, gpt-5.4, '', default, '', '', false, 0.04625
            openai, gpt-5.4, '', auto, '', '', false, 0.04625
            openai, gpt-5.4, '', flex, '', '', false, 0.023125
            openai, gpt-5.4, '', '', '', '', true, 0.023125
            openai, gpt-5.4, '', priority, '', '', false, 0.0925
            openai, gpt-5.4, '', scale, '', '', false, unpriced
            openai, gpt-6.2-sol, '', priority, '', '', false, unpriced
            google, models/gemini-3.8-flash, gemini-3.8-flash, ON_DEMAND, '', '', false, 0.012375
            google, models/gemini-3.8-flash, gemini-3.8-flash, flex, '', '', false, unpriced
            bedrock, global.anthropic.claude-sonnet-4-5-20250929-v1:0, '', flex, '', '', false, unpriced
            # The model that answered counts.
            anthropic, claude-fable-5, claude-opus-4-8, '', '', '', false, 0.09
            anthropic, claude-opus-5-5, a-model-without-a-price, '', '', '', false, unpriced
            anthropic, a-model-without-a-price, claude-opus-4-8, '', '', '', false, 0.09
            openai, gpt-5.4, gpt-5.4-2026-03-05, '', '', '', false, 0.04625
            openai, gpt-5.4, gpt-5.4-0305, '', '', '', false, 0.04625
            openai, gpt-5.4, gpt-5.4-pro, '', '', '', false, unpriced
            openai, gpt-5.4, openai/gpt-5.4, '', '', '', false, 0.04625
            # Bedrock's answers repeat neither maker nor profile.
            bedrock, eu.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-sonnet-4-5-20250929, '', '', '', false, 0.0594
            bedrock, eu.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-opus-4-8, '', '', '', false, 0.099
            bedrock, global.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-opus-4-8, '', '', '', false, 0.09
            """)
    void theAnswerSetsThePrice(
            String type,
            String asked,
            String answered,
            String tier,
            String speed,
            String region,
            boolean batch,
            String dollars) {
        var cost =
                Prices.list().cost(call(type, asked, MIXED, new BillingHints(answered, tier, speed, region, batch, 0)));

        assertEquals(
                dollars.equals("unpriced") ? Optional.empty() : Optional.of(Cost.microcents(dollars)),
                cost.map(Cost::total));
    }

    @Test
    void longPromptsKeepTheirOwnPriceOnOtherTermsAndHaveNoneWithPriority() {
        var long_ = new Usage(300_000, 1000, 0, 0, 0, 0);

        // 300000*5 + 1000*22.50 = 1,522,500 millionths, half of it with flex
        assertEquals(
                Optional.of(Cost.microcents("1.5225")),
                Prices.list()
                        .cost(call("openai", "gpt-5.4", long_, BillingHints.NONE))
                        .map(Cost::total));
        assertEquals(
                Optional.of(Cost.microcents("0.76125")),
                Prices.list()
                        .cost(call("openai", "gpt-5.4", long_, new BillingHints("", "flex", "", "", false, 0)))
                        .map(Cost::total));
        assertEquals(
                Optional.empty(),
                Prices.list()
                        .cost(call("openai", "gpt-5.4", long_, new BillingHints("", "priority", "", "", false, 0))));
    }

    @Test
    void unmeasuredCallsAndCallsWithMediaHaveNoPrice() {
        var call = call("anthropic", "claude-opus-5-5", MIXED, BillingHints.NONE);
        var unmeasured = new Call(
                        NOW,
                        new Call.Origin("ada", "codex", "s"),
                        new Call.Destination("p", "anthropic", "claude-opus-5-5"),
                        new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                        Call.Consumption.of(Usage.NONE, Measured.UNMEASURED))
                .withExpected(new Usage(1000, 0, 0, 0, 0, 0));

        assertEquals(
                Optional.of(Cost.microcents("0.07")), Prices.list().cost(call).map(Cost::total));
        assertEquals(Optional.empty(), Prices.list().cost(unmeasured));
        // Budgets need an estimate: the expected usage, at $4 per million.
        assertEquals(Cost.microcents("0.004"), Prices.list().quote(unmeasured).assumed(unmeasured));
        assertEquals(
                Optional.empty(),
                Prices.list().cost(call("openai", "gpt-5.4", MIXED, new BillingHints("", "", "", "", false, 7))));
    }

    private static Call call(String type, String model, Usage usage, BillingHints terms) {
        return new Call(
                NOW,
                new Call.Origin("ada", "codex", "s"),
                new Call.Destination("p", type, model),
                new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                new Call.Consumption(usage, Measured.MEASURED, terms, Usage.NONE));
    }

    /// The model lists of Claude Code 2.1.330 and Codex 0.169.0, without models that cannot be bought.
    @ParameterizedTest
    @CsvSource({
        "anthropic, claude-opus-5-5 claude-opus-5 claude-opus-4-8 claude-opus-4-7 claude-opus-4-6 "
                + "claude-opus-4-5 claude-opus-4-1 claude-opus-4-0 claude-sonnet-5-5 claude-sonnet-5 "
                + "claude-sonnet-4-6 claude-sonnet-4-5 claude-sonnet-4-0 claude-haiku-5-5 claude-haiku-4-5 "
                + "claude-fable-5-2 claude-fable-5-1 claude-fable-5 claude-mythos-5-2 claude-mythos-5-1 "
                + "claude-mythos-5 claude-3-7-sonnet claude-3-5-sonnet claude-3-5-haiku",
        "bedrock, us.anthropic.claude-opus-5-5 us.anthropic.claude-opus-4-6-v1 "
                + "us.anthropic.claude-sonnet-5-5 us.anthropic.claude-sonnet-4-6 us.anthropic.claude-haiku-5-5 "
                + "us.anthropic.claude-fable-5-2 us.anthropic.claude-fable-5-1 "
                + "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
        "openai, gpt-6.1-sol gpt-6.1-terra gpt-6-astra gpt-6-sol gpt-6-luna gpt-5.6-sol gpt-5.6-terra "
                + "gpt-5.6-luna gpt-5.5"
    })
    void everyModelThatTheAgentsOfferHasAPrice(String type, String models) {
        for (var model : models.split(" "))
            assertTrue(Prices.list().of(type, model, NOW).isPresent(), model);
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic, claude-demo",
        "anthropic, ''",
        "anthropic, claude-opus-99",
        "openai, claude-opus-5-5",
        "openai_compatible, gpt-5.4",
        "openai, gpt-5.4-nano-huge",
        "bedrock, arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abcdef",
        "bedrock, xx.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "bedrock, %zz"
    })
    void anUnlistedModelHasAnUnknownPriceRatherThanZero(String type, String model) {
        assertEquals(Optional.empty(), Prices.list().cost(call("p", type, model, MIXED)));
    }

    @Test
    void theDemoModelIsFreeUnderAnyName() {
        var dear = Prices.list().with((_, _, _) -> Optional.of(new Rates(1, 1, 1, 1, 1)));
        for (var model : List.of("claude-opus-5-5", "a-model-without-a-price"))
            assertEquals(Optional.of(Cost.NONE), dear.cost(call("demo", Call.DEMO, model, MIXED)));
    }

    @Test
    void aCallWithoutTokensOfAPricedModelCostsNothing() {
        assertEquals(Optional.of(Cost.NONE), Prices.list().cost(call("p", "anthropic", "claude-opus-5-5", Usage.NONE)));
    }

    /// Above 100,000 tokens of prompt, cached ones and written ones among them, all of the call is dearer.
    @ParameterizedTest
    @CsvSource({"10000, 90000, 0, 0.0024", "10000, 90001, 0, 0.01200005", "1, 0, 100000, 0.0650005"})
    void aLongPromptIsPricedAsALongPrompt(long input, long cached, long written, String dollars) {
        // Below: 10000*0.10 + 90000*0.01 + 1000*0.50 = 1000+900+500. Above: 10000*0.50 + 90001*0.05 + 1000*2.50 =
        // 5000+4500.05+2500; 1*0.50 + 100000*0.625 + 1000*2.50 = 0.50+62500+2500 = 65000.50
        var usage = new Usage(input, 1000, cached, written, 0, 0);

        assertEquals(
                Cost.microcents(dollars),
                Prices.list()
                        .cost(call("p", "anthropic", "claude-haiku-5-5", usage))
                        .orElseThrow()
                        .total());
    }

    @Test
    void aPriceThatIsKnownAheadBeginsOnItsDay() {
        var million = new Usage(1_000_000, 0, 0, 0, 0, 0);

        assertEquals("0.75000000", dollars(call("google", "gemini-3.8-flash", million, "2026-12-31T23:59:59.999Z")));
        assertEquals("1.50000000", dollars(call("google", "gemini-3.8-flash", million, "2027-01-01T00:00:00Z")));
    }

    @Test
    void aFractionOfAMicrocentIsRoundedOncePerKindOfToken() {
        // $0.005 a million is half a microcent a token.
        var rates = new Rates(500_000, 500_000, 499_999, 1, 0);

        assertEquals(new Cost(1, 2, 0, 0, 0), rates.cost(new Usage(1, 3, 1, 499_999, 7, 0)));
        assertEquals(new Cost(0, 0, 0, 1, 0), rates.cost(new Usage(0, 0, 0, 500_000, 0, 0)));
    }

    @Test
    void absurdCountsDoNotOverflow() {
        var most = 1_000_000_000_000_000L;
        var cost = Prices.list()
                .cost(call("p", "anthropic", "claude-fable-5-1", new Usage(most, most, most, most, most, 0)))
                .orElseThrow();

        assertTrue(cost.total() > 0 && cost.total() < Long.MAX_VALUE / 100_000, String.valueOf(cost));
    }

    @Test
    void theCostIsExactHoweverManyTokens() {
        var random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            long tokens = random.nextLong(1_000_000_000), rate = random.nextLong(100_000_000_000L);
            var expected = new java.math.BigDecimal(tokens)
                    .multiply(new java.math.BigDecimal(rate))
                    .movePointLeft(6)
                    .setScale(0, java.math.RoundingMode.HALF_UP);

            assertEquals(
                    expected.longValueExact(),
                    new Rates(rate, 0, 0, 0, 0)
                            .cost(new Usage(tokens, 0, 0, 0, 0, 0))
                            .total());
        }
    }

    @Test
    void aProvidersOwnRatesOverrideTheListWhichFillsTheGaps() throws IOException {
        var pricing = new ObjectMapper()
                .readTree("{\"inputPerMillion\":\"100000000\",\"outputPerMillion\":200000000,"
                        + "\"cachedInputPerMillion\":\"0\"}");
        var prices = Prices.list()
                .with((provider, model, list) -> provider.equals("ours") && model.equals("claude-sonnet-5-5")
                        ? Rates.custom(pricing, list)
                        : Optional.empty());

        // 1000*1 + 2000*2 + nothing + 4000*2.50 + 500*4
        assertEquals(
                Cost.microcents("0.017"),
                prices.cost(call("ours", "anthropic", "claude-sonnet-5-5", MIXED))
                        .orElseThrow()
                        .total());
        assertEquals(
                Cost.microcents("0.035"),
                prices.cost(call("theirs", "anthropic", "claude-sonnet-5-5", MIXED))
                        .orElseThrow()
                        .total());
    }

    /// Above 272,000 tokens GPT 5.4 asks $5 and $22.50.
    @Test
    void unsetCustomPricesKeepTheListPriceOfLongPrompts() throws IOException {
        var input = new ObjectMapper().readTree("{\"inputPerMillion\":\"100000000\"}");
        var prices = Prices.list()
                .with((_, model, list) -> model.equals("gpt-5.4") ? Rates.custom(input, list) : Optional.empty());

        // 100000*1 + 1000*15, and 300000*1 + 1000*22.50
        assertEquals(
                Cost.microcents("0.115"),
                prices.cost(call("p", "openai", "gpt-5.4", new Usage(100_000, 1000, 0, 0, 0, 0)))
                        .orElseThrow()
                        .total());
        assertEquals(
                Cost.microcents("0.3225"),
                prices.cost(call("p", "openai", "gpt-5.4", new Usage(300_000, 1000, 0, 0, 0, 0)))
                        .orElseThrow()
                        .total());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # asked, answered, tier, dollars for a million tokens of input, the provider's own being $1 for gpt-5.4 \
            and ours
            gpt-5.4, '', '', 1
            gpt-5.4, gpt-5.4-2026-03-05, '', 1
            gpt-5.4, '', flex, 0.50
            gpt-5.4, '', priority, unpriced
            gpt-5.4, gpt-5.2, '', 1.75
            gpt-5.2, gpt-5.4, '', 1
            # A name of the provider's own stands for whatever is behind it.
            ours, gpt-5.2, '', 1
            ours, something-else, '', 1
            theirs, something-else, '', unpriced
            """)
    void aProvidersOwnRatesAreForTheModelThatAnswered(String asked, String answered, String tier, String dollars) {
        var own = Set.of("gpt-5.4", "ours");
        var prices = Prices.list()
                .with((_, model, _) ->
                        own.contains(model) ? Optional.of(new Rates(100_000_000, 0, 0, 0, 0)) : Optional.empty());
        var cost = prices.cost(call(
                "openai",
                asked,
                new Usage(1_000_000, 0, 0, 0, 0, 0),
                new BillingHints(answered, tier, "", "", false, 0)));

        assertEquals(
                dollars.equals("unpriced") ? Optional.empty() : Optional.of(Cost.microcents(dollars)),
                cost.map(Cost::total));
    }

    @Test
    void aProvidersOwnRatesHoldWhereTheAnswerNamesTheModelInAnotherWay() {
        var profile = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        var prices = Prices.list()
                .with((_, model, _) -> model.equals(profile) || model.equals("claude-opus-4")
                        ? Optional.of(new Rates(100_000_000, 0, 0, 0, 0))
                        : Optional.empty());
        var million = new Usage(1_000_000, 0, 0, 0, 0, 0);

        assertEquals(
                Cost.microcents("1"),
                prices.cost(call(
                                "bedrock",
                                profile,
                                million,
                                new BillingHints("claude-sonnet-4-5-20250929", "", "", "", false, 0)))
                        .orElseThrow()
                        .total());
        assertEquals(
                Cost.microcents("1"),
                prices.cost(call(
                                "anthropic",
                                "claude-opus-4",
                                million,
                                new BillingHints("claude-opus-4-20250514", "", "", "", false, 0)))
                        .orElseThrow()
                        .total());
        // Another version is another model.
        assertEquals(
                Cost.microcents("5"),
                prices.cost(call(
                                "anthropic",
                                "claude-opus-4",
                                million,
                                new BillingHints("claude-opus-4-8", "", "", "", false, 0)))
                        .orElseThrow()
                        .total());
    }

    @Test
    void aProvidersOwnRatesPriceAnUnlistedModel() throws IOException {
        var pricing =
                new ObjectMapper().readTree("{\"inputPerMillion\":\"100000000\",\"outputPerMillion\":\"200000000\"}");
        var prices = Prices.list()
                .with((_, model, list) -> model.equals("llama") ? Rates.custom(pricing, list) : Optional.empty());

        // Cached input and cache writes are input: 15500*1 + 2000*2
        assertEquals(
                Cost.microcents("0.0195"),
                prices.cost(call("local", "openai_compatible", "llama", MIXED))
                        .orElseThrow()
                        .total());
        assertEquals(
                Optional.empty(),
                Rates.custom(new ObjectMapper().readTree("{\"inputPerMillion\":\"1\"}"), Optional.empty()));
        assertEquals(
                Optional.empty(),
                Rates.custom(
                        new ObjectMapper().readTree("{\"inputPerMillion\":\"-1\",\"outputPerMillion\":1.5}"),
                        Optional.empty()));
    }

    @Test
    void everyPriceHasASourceAndADate() throws IOException {
        try (var file = Prices.class.getResourceAsStream("prices.json")) {
            var json = new ObjectMapper().readTree(file);
            for (var source : json.path("sources")) {
                assertTrue(source.path("url").asText().startsWith("https://"), source.toString());
                // Read by a third party, or read for this list itself.
                assertTrue(
                        source.path("through").asText().startsWith("https://") != source.has("in"), source.toString());
                assertTrue(
                        LocalDate.parse(source.path("read").asText()).isAfter(LocalDate.of(2026, 4, 1)),
                        source.toString());
            }
            for (var term : json.path("terms"))
                assertTrue(json.path("sources").has(term.path("source").asText()), term.toString());
            var seen = new HashSet<String>();
            for (var model : json.path("models")) {
                assertTrue(json.path("sources").has(model.path("source").asText()), model.toString());
                assertTrue(
                        seen.add(model.path("type") + " " + model.path("model") + " " + model.path("tier") + " "
                                + model.path("from")),
                        "twice: " + model);
                assertTrue(
                        Prices.list()
                                .of(
                                        model.path("type").asText(),
                                        model.path("model").asText(),
                                        NOW)
                                .isPresent(),
                        model.toString());
            }
        }
    }

    private static String dollars(Call call) {
        return Cost.dollars(Prices.list().cost(call).orElseThrow().total()).toPlainString();
    }

    private static Call call(String type, String model, Usage usage, String time) {
        return new Call(
                Instant.parse(time),
                new Call.Origin("ada", "codex", "s"),
                new Call.Destination("p", type, model),
                new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                Call.Consumption.of(usage));
    }

    private static Call call(String provider, String type, String model, Usage usage) {
        return new Call(
                NOW,
                new Call.Origin("ada", "codex", "s"),
                new Call.Destination(provider, type, model),
                new Call.Outcome(200, Duration.ofSeconds(1), Optional.empty(), true),
                Call.Consumption.of(usage));
    }
}
