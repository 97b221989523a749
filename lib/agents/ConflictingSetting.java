package lib.agents;

import java.nio.file.Path;
import lib.base.Remedy;
import lib.base.UserError;

/// A key of a settings file that gets in the way of a launch.
///
///     ConflictingSetting.variable(file, "ANTHROPIC_BASE_URL", "sends requests past the gateway").text()
///     // /home/ada/.claude/settings.json sets ANTHROPIC_BASE_URL, which sends requests past the gateway
///
/// @param key with dots between its parts; a variable is in the object `env`
/// @param effect what the key does, as a verb phrase
public record ConflictingSetting(Path file, String key, String effect) {
    private static final String VARIABLES = "env.";

    /// A variable that the file sets for the agent.
    public static ConflictingSetting variable(Path file, String name, String effect) {
        return new ConflictingSetting(file, VARIABLES + name, effect);
    }

    /// The sentence that a launch prints. It names a variable without the object that it is in.
    public String text() {
        var name = key.startsWith(VARIABLES) ? key.substring(VARIABLES.length()) : key;
        return "%s sets %s, which %s".formatted(file, name, effect);
    }

    /// The error of a launch that refuses to start because of the key, for the user to remove it.
    public UserError refusal() {
        return refusal("remove it from that file, then launch again");
    }

    /// The same with other advice.
    public UserError refusal(String advice) {
        return new Refusal(this, advice);
    }

    /// To remove the key.
    public Remedy remedy() {
        return remedy("remove it from that file, then launch again");
    }

    private Remedy remedy(String advice) {
        return new Remedy.Edit(file, key, advice);
    }

    /// A launch does not start because of a settings file.
    public static final class Refusal extends UserError {
        private final transient ConflictingSetting setting;

        private Refusal(ConflictingSetting setting, String advice) {
            super(setting.text(), setting.remedy(advice));
            this.setting = setting;
        }

        /// The key in question.
        public ConflictingSetting setting() {
            return setting;
        }
    }
}
