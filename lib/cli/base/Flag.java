package lib.cli.base;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Builds picocli flags without annotations, for the most frequent commands: reading annotations takes longer
/// than most commands run.
///
///     spec.addOption(Flag.text("MODEL", "The model.", value -> model = value, "-m", "--model").build());
public final class Flag {
    private Flag() {}

    /// A flag with a value. The field gets null if the flag is not given.
    public static OptionSpec.Builder text(String label, String description, Consumer<String> field, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .setter(new Setter<>(field, null));
    }

    /// A flag with a value that may be given several times.
    public static OptionSpec.Builder texts(
            String label, String description, Consumer<List<String>> field, String... names) {
        var words = new Words(field);
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .setter(words)
                .getter(words);
    }

    /// A flag without a value.
    public static OptionSpec.Builder yes(String description, Consumer<Boolean> field, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .description(description)
                .setter(new Setter<>(field, false));
    }

    /// All arguments that are not flags.
    public static PositionalParamSpec words(String label, String description, Consumer<List<String>> field) {
        var words = new Words(field);
        return PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .index("0..*")
                .arity("0..1")
                .paramLabel(label)
                .description(description)
                .setter(words)
                .getter(words)
                .build();
    }

    /// @param absent the value that replaces picocli's null for a flag that is not given
    private record Setter<T>(Consumer<T> field, T absent) implements ISetter {
        @Override
        @SuppressWarnings("unchecked")
        public <V> V set(V value) {
            field.accept(value == null ? absent : (T) value);
            return value;
        }
    }

    /// The list to which picocli adds word by word.
    private static final class Words implements ISetter, IGetter {
        private final Consumer<List<String>> field;
        private List<String> words;

        Words(Consumer<List<String>> field) {
            this.field = field;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <V> V set(V value) {
            words = (List<String>) value;
            field.accept(words == null ? List.of() : words);
            return value;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <V> V get() {
            return (V) words;
        }
    }
}
