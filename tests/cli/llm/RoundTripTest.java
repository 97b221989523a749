package tests.cli.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Fault;
import tests.support.gateway.FakeGateway.Endpoint;

/// Applying the output of `get -o yaml` changes nothing: tested with 1,000 random providers of every type with
/// every optional field, and texts that YAML might read as another type.
class RoundTripTest {
    private static final List<String> TEXTS = List.of(
            "plain",
            "5",
            "007",
            "1_000",
            "0x1F",
            "1e3",
            ".inf",
            "1.5",
            "true",
            "no",
            "null",
            "~",
            "=",
            "<<",
            " x ",
            "a: b",
            "# c",
            "- d",
            "ü🙂日本",
            "a\tb",
            "a\nb\n",
            "\n",
            "\"q\"",
            "'q'",
            "2026-01-01",
            "12:30:45",
            "*a",
            "&a",
            "!b",
            "|",
            ">",
            "%",
            "@",
            "`",
            "{a: b}",
            "[x]",
            "?",
            "---",
            "...",
            "\\n",
            "\u0007",
            "\u0085",
            "\u2028",
            "\ufeff",
            "x".repeat(300),
            "two words ".repeat(20));
    private static final List<String> TYPES =
            List.of("OPENAI", "ANTHROPIC", "GOOGLE", "BEDROCK", "OPENAI_COMPATIBLE", "FROM_THE_FUTURE");

    @TempDir
    Path temp;

    private final Random random = new Random(20261122);

    @ParameterizedTest
    @CsvSource({"yaml,1000", "json,200"})
    void aThousandRandomProvidersAreUnchanged(String format, int count) {
        try (var provided = new Provided(temp)) {
            var names = IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
            names.forEach(name -> provided.gateway.provider(random(name)));
            // One process, with one call per provider: get prints the same object as the list.
            var manifests = provided.run("llm list -o " + format).out();
            assertTrue(provided.run("llm get p0 -o " + format).exitCode() == 0);

            var result = provided.machine.typing(manifests).run("llm", "apply", "-f", "-");

            assertEquals(
                    count + " unchanged\n",
                    result.err(),
                    result.out()
                            .lines()
                            .filter(line -> !line.endsWith(" unchanged"))
                            .limit(5)
                            .collect(Collectors.joining("\n")));
            assertEquals(List.of(), provided.gateway.managementCalls("UpdateLLMProvider"));
        }
    }

    @Test
    void thePrintedProviderCreatesTheSameOneElsewhere() {
        try (var here = new Provided(temp.resolve("here"));
                var there = new Provided(temp.resolve("there"))) {
            var names = IntStream.range(0, 100).mapToObj(i -> "p" + i).toList();
            names.forEach(name -> here.gateway.provider(random(name, TYPES.get(random.nextInt(5)), false)));

            var result =
                    there.machine.typing(here.run("llm list -o yaml").out()).run("llm", "apply", "-f", "-");

            assertEquals("100 created\n", result.err(), result.toString());
            for (var name : names) {
                var recorded = here.stored(name).has("transcripts")
                        ? here.stored(name).path("transcripts")
                        : JsonNodeFactory.instance
                                .objectNode()
                                .put("recordInputMessages", true)
                                .put("recordOutputMessages", true);
                assertEquals(here.stored(name).set("transcripts", recorded), there.stored(name));
            }
        }
    }

    @Test
    void oneProviderGoesThroughGetAndApplyAlsoWithFieldsOfTheFuture() {
        try (var provided = new Provided(temp)) {
            provided.gateway.provider(random("claude", "ANTHROPIC", true));
            provided.gateway.failAlways(Endpoint.GET_PROVIDER, Fault.unknownFields());
            for (var format : new String[] {"yaml", "json"}) {
                var result = provided.machine
                        .typing(provided.run("llm get claude -o " + format).out())
                        .run("llm", "apply", "-f", "-");

                assertEquals("claude unchanged\n", result.out(), result.err());
            }
        }
    }

    private ObjectNode random(String name) {
        return random(name, TYPES.get(random.nextInt(TYPES.size())), true);
    }

    private ObjectNode random(String name, String type, boolean withFuture) {
        var provider = JsonNodeFactory.instance.objectNode().put("name", name).put("type", "LLM_PROVIDER_TYPE_" + type);
        for (var field : List.of("displayName", "description", "guardrail")) {
            if (random.nextBoolean()) provider.put(field, text());
        }
        if (random.nextBoolean()) provider.put("enabled", true);
        if (random.nextInt(3) == 0)
            IntStream.rangeClosed(0, random.nextInt(3))
                    .forEach(i -> provider.withArray("models")
                            .add("old-" + i + text().strip().replaceAll("\\p{C}", "")));
        if (random.nextBoolean())
            IntStream.rangeClosed(0, random.nextInt(4))
                    .forEach(i -> model(
                            provider.withArray("providerModels").addObject().put("name", "m" + i), withFuture));
        if (random.nextBoolean())
            IntStream.rangeClosed(0, random.nextInt(3))
                    .forEach(i -> provider.withObject("/tags").put("k" + i + text(), text()));
        if (random.nextBoolean()) {
            var transcripts = provider.putObject("transcripts");
            if (random.nextBoolean()) transcripts.put("recordInputMessages", true);
            if (random.nextBoolean()) transcripts.put("recordOutputMessages", true);
        }
        if (random.nextInt(3) == 0) provider.put("clientCertRef", reference()).put("clientKeyRef", reference());
        config(provider, type);
        if (withFuture && random.nextInt(4) == 0)
            provider.put("fromTheFuture", text())
                    .putObject("nestedFuture")
                    .put("flag", random.nextBoolean())
                    .putNull("nothing")
                    .putArray("list")
                    .add(5)
                    .add("x");
        return provider;
    }

    private void model(ObjectNode model, boolean withFuture) {
        if (random.nextBoolean()) {
            var pricing = model.putObject("customPricing");
            for (var rate : List.of(
                    "inputPerMillion",
                    "outputPerMillion",
                    "cachedInputPerMillion",
                    "cacheCreation5mPerMillion",
                    "cacheCreation1hPerMillion")) {
                if (random.nextBoolean()) pricing.put(rate, Long.toString(random.nextLong(0, 1L << 50)));
            }
        }
        if (withFuture && random.nextInt(5) == 0) model.put("tierOfTheFuture", text());
    }

    private void config(ObjectNode provider, String type) {
        var baseUrl = "https://upstream.example/" + random.nextInt();
        switch (type) {
            case "OPENAI", "ANTHROPIC" ->
                credential(provider.putObject(type.toLowerCase(Locale.ROOT) + "Config"), baseUrl);
            case "GOOGLE" -> provider.putObject("googleConfig").put("apiKeyRef", reference());
            case "OPENAI_COMPATIBLE" -> {
                var config = provider.putObject("openaiCompatibleConfig").put("baseUrl", baseUrl);
                switch (random.nextInt(3)) {
                    case 0 -> config.put("apiKeyRef", reference());
                    case 1 -> config.put("authorizationPassthrough", true);
                    default -> {}
                }
            }
            case "BEDROCK" -> {
                var config = provider.putObject("bedrockConfig").put("region", "eu-west-1");
                if (random.nextBoolean()) config.put("baseUrl", baseUrl);
                switch (random.nextInt(3)) {
                    case 0 ->
                        config.putObject("staticCredentials")
                                .put("accessKeyIdRef", reference())
                                .put("secretAccessKeyRef", reference());
                    case 1 ->
                        config.putObject("assumeRole")
                                .put("roleArn", "arn:" + random.nextInt())
                                .put("externalId", text())
                                .put("sessionName", text());
                    default -> {}
                }
            }
            default -> provider.putObject("futureConfig").put("endpoint", text());
        }
    }

    private void credential(ObjectNode config, String baseUrl) {
        if (random.nextBoolean()) config.put("baseUrl", baseUrl);
        if (random.nextBoolean()) config.put("apiKeyRef", reference());
        else config.put("authorizationPassthrough", true);
    }

    private String reference() {
        return List.of("KEY", "N", "NO", "TRUE", "NULL", "Y", "E1", "A_1").get(random.nextInt(8));
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
