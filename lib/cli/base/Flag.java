package lib.cli.base;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Flags written out for picocli, in place of annotations: those of the commands that people wait for, since
/// reading annotations takes longer than most commands do.
///
///     spec.addOption(Flag.text("MODEL", "The model.", value -> model = value, "-m", "--model").build());
public final class Flag {
    private Flag() {}

    /// One with a value. The field gets a null where it is not given.
    public static OptionSpec.Builder text(String label, String description, Consumer<String> field, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .setter(new Setter<>(field, null));
    }

    /// One with a value that may be given several times.
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

    /// One that is given or not.
    public static OptionSpec.Builder yes(String description, Consumer<Boolean> field, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .description(description)
                .setter(new Setter<>(field, false));
    }

    /// All words that are no flags.
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

    /// @param absent what picocli's null means: not given
    private record Setter<T>(Consumer<T> field, T absent) implements ISetter {
        @Override
        @SuppressWarnings("unchecked")
        public <V> V set(V value) {
            field.accept(value == null ? absent : (T) value);
            return value;
        }
    }

    /// Picocli adds word by word to the list that it finds here.
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
