package lib.agents.opencode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.agents.SettingsFile;
import lib.agents.SettingsFile.Layer;
import lib.base.Host;
import lib.base.UserError;

/// Finds OpenCode's settings files, other than the launch's own.
///
///     OpenCodeSettings.find(host).stream().filter(file -> file.json().has("provider"))
///
/// @see <a href="https://opencode.ai/docs/config/">OpenCode's configuration</a>
final class OpenCodeSettings {
    private static final List<String> NAMES = List.of("opencode.json", "opencode.jsonc");
    private static final List<String> REROUTES = List.of("provider", "enabled_providers", "disabled_providers");

    private OpenCodeSettings() {}

    static List<SettingsFile> find(Host host) {
        var files = new ArrayList<SettingsFile>();
        var user = host.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(host.home().resolve(".config"))
                .resolve("opencode");
        SettingsFile.withComments(user.resolve("config.json"), Layer.USER).ifPresent(files::add);
        add(user, Layer.USER, files);
        host.variable("OPENCODE_CONFIG")
                .flatMap(file -> SettingsFile.withComments(host.cwd().resolve(file), Layer.USER))
                .ifPresent(files::add);
        host.variable("OPENCODE_CONFIG_DIR").ifPresent(folder -> add(host.cwd().resolve(folder), Layer.USER, files));
        // Search upwards from the working folder. OpenCode stops at the repository's root; an extra file does
        // no harm.
        for (var at = host.cwd(); at != null && !at.equals(host.home()); at = at.getParent()) {
            add(at, Layer.REPOSITORY, files);
            add(at.resolve(".opencode"), Layer.REPOSITORY, files);
        }
        for (var folder : List.of("etc/opencode", "Library/Application Support/opencode", "ProgramData/opencode"))
            add(host.root().resolve(folder), Layer.MANAGED, files);
        return files;
    }

    /// Refuses conflicting files of the administrator. They are merged over the launch's, which can't override
    /// what they set for providers.
    static void refusePolicy(List<SettingsFile> files) {
        for (var file : files) {
            if (file.layer() != Layer.MANAGED) continue;
            REROUTES.stream().filter(file.json()::has).findFirst().ifPresent(key -> {
                throw new UserError(
                        ("%s sets %s, which is set by the administrator's policy and overrides the " + "launch")
                                .formatted(file.path(), key),
                        "ask the administrator to remove it");
            });
        }
    }

    private static void add(Path folder, Layer layer, List<SettingsFile> files) {
        NAMES.forEach(
                name -> SettingsFile.withComments(folder.resolve(name), layer).ifPresent(files::add));
    }
}
