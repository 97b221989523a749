package tests.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import lib.usage.Usage;
import lib.usage.extract.UsageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tests.support.upstream.BedrockReplies;

/// Every spelling of usage, alone and with each other one in the same answer, whole and streamed, plain and
/// packed, cut at every byte. What is right comes from the usage that was spelled, and for what was cut from
/// [UsageOracle].
class UsageSiblingsTest {
    private static final int GZIP_HEADER = 10;

    /// An answer and the formats in which it reports its usage.
    record Sibling(List<Spelling> spellings, boolean streamed, boolean packed) {
        private ObjectNode answer(Usage used) {
            return Spelling.answer(used, spellings.toArray(Spelling[]::new)).orElseThrow();
        }

        /// The answer's documents, by where they begin in it.
        Map<Integer, byte[]> documents() {
            var documents = new LinkedHashMap<Integer, byte[]>();
            if (!streamed) {
                documents.put(0, answer(Spelling.USED).toString().getBytes(StandardCharsets.UTF_8));
                return documents;
            }
            int at = 0;
            for (var used : List.of(Spelling.BEFORE, Spelling.USED)) {
                var bytes = answer(used).toString().getBytes(StandardCharsets.UTF_8);
                documents.put(at + "data: ".length(), bytes);
                at += "data: ".length() + bytes.length + 2;
            }
            return documents;
        }

        byte[] text() {
            var text = new ByteArrayOutputStream();
            documents()
                    .forEach((_, bytes) -> text.writeBytes(
                            streamed
                                    ? ("data: " + new String(bytes, StandardCharsets.UTF_8) + "\n\n")
                                            .getBytes(StandardCharsets.UTF_8)
                                    : bytes));
            return text.toByteArray();
        }

        byte[] bytes() {
            return packed ? gzip(text()) : text();
        }

        UsageReader reader() {
            return UsageReader.of(name -> switch (name) {
                case "content-type" -> streamed ? "text/event-stream" : "application/json";
                case "content-encoding" -> packed ? "gzip" : "";
                default -> "";
            });
        }

        /// Returns the usage that its formats express together; for the input, the most detailed one.
        Usage meant() {
            var all = spellings.stream()
                    .map(spelling -> spelling.meant(Spelling.USED))
                    .toList();
            var best = all.stream()
                    .max((one, other) -> Long.compare(kinds(one), kinds(other)))
                    .orElseThrow();
            var reasoning = all.stream().mapToLong(Usage::reasoning).max().orElseThrow();
            return new Usage(
                    best.input(),
                    best.output(),
                    best.cachedInput(),
                    best.cacheWrite5m(),
                    best.cacheWrite1h(),
                    reasoning);
        }

        private static long kinds(Usage usage) {
            return Stream.of(usage.input(), usage.cachedInput(), usage.cacheWrite5m(), usage.cacheWrite1h())
                    .filter(count -> count > 0)
                    .count();
        }
    }

    static Stream<List<Spelling>> spellings() {
        var all = new ArrayList<List<Spelling>>();
        for (var one : Spelling.values()) {
            all.add(List.of(one));
            for (var other : Spelling.values())
                if (one.compareTo(other) < 0
                        && Spelling.answer(Spelling.USED, one, other).isPresent()) all.add(List.of(one, other));
        }
        return all.stream();
    }

    @Test
    void mostSpellingsCanBeInOneAnswerWithMostOthers() {
        assertTrue(spellings().count() > 100, () -> "only " + spellings().count());
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void oneUsageIsCountedOnceHoweverItIsSpelled(List<Spelling> spellings) {
        for (var sibling : siblings(spellings)) {
            var bytes = sibling.bytes();
            // In one piece, and in two; in pieces of a byte below.
            for (int cut = 0; cut <= bytes.length; cut += spellings.size() == 1 ? 1 : 101) {
                try (var reader = sibling.reader()) {
                    reader.accept(bytes, 0, cut);
                    reader.accept(bytes, cut, bytes.length - cut);
                    int first = cut;
                    assertEquals(
                            sibling.meant(), reader.usage(), () -> sibling + " in two pieces, the first of " + first);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void aCutAnswerReportsTheUsageSoFar(List<Spelling> spellings) throws DataFormatException {
        for (var sibling : siblings(spellings)) {
            var oracle = new UsageOracle(sibling.documents());
            var bytes = sibling.bytes();
            var inflater = new Inflater(true);
            try (var reader = sibling.reader()) {
                int plain = 0;
                for (int i = 0; i < bytes.length; i++) {
                    reader.accept(bytes, i, 1);
                    plain += sibling.packed() ? unpacked(inflater, bytes, i) : 1;
                    int cut = i + 1;
                    assertEquals(
                            oracle.upTo(plain),
                            reader.usage(),
                            () -> sibling + " after " + cut + " bytes, of "
                                    + new String(sibling.text(), StandardCharsets.UTF_8));
                }
            } finally {
                inflater.end();
            }
        }
    }

    /// Bedrock says it in headers too, whatever the body says.
    @ParameterizedTest
    @EnumSource
    void headersAreOneMoreSpelling(Spelling spelling) {
        var used = Spelling.METRICS.meant(Spelling.USED);
        var headers = Map.of(
                "content-type",
                "application/json",
                "x-amzn-bedrock-input-token-count",
                String.valueOf(used.input()),
                "x-amzn-bedrock-output-token-count",
                String.valueOf(used.output()),
                "x-amzn-bedrock-cache-read-input-token-count",
                String.valueOf(used.cachedInput()),
                "x-amzn-bedrock-cache-write-input-token-count",
                String.valueOf(used.cacheWrite5m()));
        var text = Spelling.answer(Spelling.USED, spelling)
                .orElseThrow()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        try (var reader = UsageReader.of(name -> headers.getOrDefault(name, ""))) {
            assertEquals(used, reader.usage());
            reader.accept(text, 0, text.length);

            assertEquals(new Sibling(List.of(spelling, Spelling.METRICS), false, false).meant(), reader.usage());
        }
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void oneUsageInAwssFramesIsCountedOnceHoweverItIsSpelled(List<Spelling> spellings) {
        var frames = new ByteArrayOutputStream();
        for (var used : List.of(Spelling.BEFORE, Spelling.USED))
            frames.writeBytes(BedrockReplies.frame(Spelling.answer(used, spellings.toArray(Spelling[]::new))
                    .orElseThrow()
                    .toString()));
        var bytes = frames.toByteArray();
        for (int cut = 0; cut <= bytes.length; cut += 13) {
            try (var reader =
                    UsageReader.of(name -> name.equals("content-type") ? "application/vnd.amazon.eventstream" : "")) {
                reader.accept(bytes, 0, cut);
                reader.accept(bytes, cut, bytes.length - cut);
                assertEquals(new Sibling(spellings, true, false).meant(), reader.usage());
            }
        }
    }

    private static List<Sibling> siblings(List<Spelling> spellings) {
        return Stream.of(false, true)
                .flatMap(streamed -> Stream.of(false, true).map(packed -> new Sibling(spellings, streamed, packed)))
                .toList();
    }

    private static byte[] gzip(byte[] text) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    /// Returns the number of bytes decompressed after one more.
    private static int unpacked(Inflater inflater, byte[] packed, int at) throws DataFormatException {
        if (at < GZIP_HEADER || inflater.finished()) return 0;
        inflater.setInput(packed, at, 1);
        int made = 0;
        for (int more; (more = inflater.inflate(new byte[2048])) > 0; ) made += more;
        return made;
    }
}
