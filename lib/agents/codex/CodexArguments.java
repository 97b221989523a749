package lib.agents.codex;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The user's own arguments for Codex, parsed as Codex parses them: `-cKEY=V`, `-c=KEY=V`, `-pNAME`,
/// `--config=…`, several short flags in one word. The arguments are passed on unchanged; parsing them only
/// shows what they mean.
///
///     CodexArguments.parse(List.of("exec", "-mgpt-6", "hi")).model()   // Optional[gpt-6]
///
/// @param words the arguments as they were typed
/// @param flags the flags before a `--`, in order
/// @param positionals the words before a `--` that are neither flags nor values of flags, such as a subcommand
record CodexArguments(List<String> words, List<Flag> flags, List<String> positionals) {
    /// A flag by its long name, and its value. A missing value is empty.
    record Flag(String name, String value) {
        /// `-c KEY=V`: the key, without the spaces around it that Codex drops too.
        String key() {
            return value.split("=", 2)[0].strip();
        }

        /// `-c KEY=V`: the value, without the quotes that make it TOML.
        String setting() {
            var parts = value.split("=", 2);
            return parts.length < 2 ? "" : parts[1].strip().replaceAll("^([\"'])(.*)\\1$", "$2");
        }
    }

    private static final String SHORT = "cimpsCao";
    private static final List<String> LONG =
            List.of("config", "image", "model", "profile", "sandbox", "cd", "ask-for-approval", "output-last-message");
    private static final Set<String> TAKING_VALUES = Set.of(
            "add-dir",
            "ask-for-approval",
            "cd",
            "color",
            "config",
            "cyber-access-program",
            "disable",
            "enable",
            "image",
            "local-provider",
            "model",
            "output-last-message",
            "output-schema",
            "profile",
            "remote",
            "remote-auth-token-env",
            "sandbox",
            "thread-source");

    /// Parses the arguments.
    static CodexArguments parse(List<String> words) {
        var flags = new ArrayList<Flag>();
        var positionals = new ArrayList<String>();
        for (int i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
            var word = words.get(i);
            var next = i + 1 < words.size() ? words.get(i + 1) : "";
            if (word.startsWith("--")) {
                var equals = word.indexOf('=');
                var name = word.substring(2, equals < 0 ? word.length() : equals);
                var takesNext = equals < 0 && TAKING_VALUES.contains(name);
                flags.add(new Flag(name, takesNext ? next : equals < 0 ? "" : word.substring(equals + 1)));
                if (takesNext) i++;
            } else if (word.startsWith("-") && word.length() > 1) {
                if (cluster(word, next, flags)) i++;
            } else {
                positionals.add(word);
            }
        }
        return new CodexArguments(List.copyOf(words), List.copyOf(flags), List.copyOf(positionals));
    }

    /// The model in the arguments, by flag or by setting. The last one wins.
    Optional<String> model() {
        return flags.stream()
                .filter(flag -> flag.name().equals("model")
                        || flag.name().equals("config") && flag.key().equals("model"))
                .reduce((_, last) -> last)
                .map(flag -> flag.name().equals("model") ? flag.value() : flag.setting());
    }

    /// Returns whether the arguments begin with these words: a subcommand and its own subcommand.
    boolean begin(String... subcommand) {
        return positionals.size() >= subcommand.length
                && positionals.subList(0, subcommand.length).equals(List.of(subcommand));
    }

    /// Parses one word of short flags. The first flag with a value takes the rest of the word, or the next
    /// word.
    ///
    /// @return whether the next word was taken
    private static boolean cluster(String word, String next, List<Flag> flags) {
        for (int i = 1; i < word.length(); i++) {
            var which = SHORT.indexOf(word.charAt(i));
            if (which < 0) continue;
            var rest = word.substring(i + 1);
            flags.add(
                    new Flag(LONG.get(which), rest.isEmpty() ? next : rest.startsWith("=") ? rest.substring(1) : rest));
            return rest.isEmpty();
        }
        return false;
    }
}
