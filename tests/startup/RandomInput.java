package tests.startup;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Random inputs from a seed that is printed: `RANDOM_SEED=123 ./jbang tests/RunTests.java --filter FastPathsTest`
/// repeats
/// a run.
final class RandomInput {
    private final long seed = Optional.ofNullable(System.getenv("RANDOM_SEED"))
            .map(Long::parseLong)
            .orElseGet(System::nanoTime);
    private final Random random = new Random(seed);

    /// Returns the message of a failed assertion: the seed and the input.
    String about(String input) {
        return "RANDOM_SEED=" + seed + " fails with:\n" + input;
    }

    @SafeVarargs
    final <T> T one(T... of) {
        return of[random.nextInt(of.length)];
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /// True once in so many times.
    boolean rarely(int times) {
        return random.nextInt(times) == 0;
    }

    /// The text with up to two characters changed, removed or inserted.
    String damaged(String text, String alphabet) {
        var damaged = new StringBuilder(text);
        for (int n = 1 + below(2); n > 0 && !damaged.isEmpty(); n--) {
            int at = below(damaged.length());
            var c = alphabet.charAt(below(alphabet.length()));
            switch (below(3)) {
                case 0 -> damaged.setCharAt(at, c);
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.insert(at, c);
            }
        }
        return damaged.toString();
    }
}
