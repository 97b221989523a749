package lib.base;

import java.nio.file.Path;

/// The next step that a [UserError] proposes. People read [#text]; code that acts on a remedy tests its type.
///
///     Remedy.run("rpkai auth login").withRest(", or name a gateway with --endpoint")
///     // run rpkai auth login, or name a gateway with --endpoint
public sealed interface Remedy {
    /// Nothing helps.
    Remedy NONE = new Advice("");

    /// The sentence that is printed after the message. It starts with a verb in the imperative, and is empty where
    /// nothing helps.
    String text();

    /// A step that only a person understands.
    record Advice(String text) implements Remedy {}

    /// A command to run.
    ///
    /// @param lead what the sentence says before `run`
    /// @param command the command line
    /// @param rest what the sentence says after the command
    record Run(String lead, String command, String rest) implements Remedy {
        @Override
        public String text() {
            return lead + "run " + command + rest;
        }

        /// The same command with this text before it.
        public Run withLead(String other) {
            return new Run(other, command, rest);
        }

        /// The same command with this text after it.
        public Run withRest(String other) {
            return new Run(lead, command, other);
        }
    }

    /// A key to remove from a file.
    ///
    /// @param key with dots between its parts, such as `env.ANTHROPIC_BASE_URL`
    record Edit(Path file, String key, String text) implements Remedy {}

    /// The same command again after a while: the failure passes.
    ///
    /// @param rest what the sentence says after `try again`
    record Retry(String rest) implements Remedy {
        @Override
        public String text() {
            return "try again" + rest;
        }
    }

    /// `run COMMAND`.
    static Run run(String command) {
        return new Run("", command, "");
    }

    /// `try again`.
    static Remedy retry() {
        return new Retry("");
    }

    /// A step in words.
    static Remedy advice(String text) {
        return new Advice(text);
    }
}
