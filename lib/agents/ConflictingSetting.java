package lib.agents;

import java.nio.file.Path;
import lib.base.Remedy;
import lib.base.UserError;

/// A key of a settings file that interferes with a launch.
///
///     ConflictingSetting.variable(file, "ANTHROPIC_BASE_URL", "sends requests past the gateway").text()
///     // /home/ada/.claude/settings.json sets ANTHROPIC_BASE_URL, which sends requests past the gateway
///
/// @param key the key, with dots between its parts; a variable is in the object `env`
/// @param effect the effect of the key, as a verb phrase
public record ConflictingSetting(Path file, String key, String effect) {
    private static final String VARIABLES = "env.";

    /// A variable that the file sets for the agent.
    public static ConflictingSetting variable(Path file, String name, String effect) {
        return new ConflictingSetting(file, VARIABLES + name, effect);
    }

    /// The sentence that a launch prints. For a variable it leaves out the enclosing object `env`.
    public String text() {
        var name = key.startsWith(VARIABLES) ? key.substring(VARIABLES.length()) : key;
        return "%s sets %s, which %s".formatted(file, name, effect);
    }

    /// The error of a launch that refuses to start because of this key; it advises the user to remove the key.
    public UserError refusal() {
        return refusal("remove it from that file, then launch again");
    }

    /// The same error with other advice.
    public UserError refusal(String advice) {
        return new Refusal(this, advice);
    }

    /// The advice to remove the key.
    public Remedy remedy() {
        return remedy("remove it from that file, then launch again");
    }

    private Remedy remedy(String advice) {
        return new Remedy.Edit(file, key, advice);
    }

    /// The error of a launch that a settings file prevents.
    public static final class Refusal extends UserError {
        private final transient ConflictingSetting setting;

        private Refusal(ConflictingSetting setting, String advice) {
            super(setting.text(), setting.remedy(advice));
            this.setting = setting;
        }

        /// The key that prevents the launch.
        public ConflictingSetting setting() {
            return setting;
        }
    }
}
