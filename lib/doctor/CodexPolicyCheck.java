package lib.doctor;

import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import lib.base.Host;

/// Whether the machine's policy for Codex stands in the way: it outranks the command line, and with it the
/// launch. All else that Codex would read is left behind with its home.
///
/// @see <a href="https://github.com/openai/codex/pull/8762">where the policy is</a>
final class CodexPolicyCheck {
    private static final List<String> REROUTES =
            List.of("model_provider", "model_providers", "profile", "openai_base_url", "chatgpt_base_url");

    private CodexPolicyCheck() {}

    static CheckResult of(Host host) {
        var file = host.root().resolve("etc/codex/managed_config.toml");
        if (!Files.isRegularFile(file)) return CheckResult.ok(SettingsCheck.NAME, "Codex gets a home of its own");
        try {
            var policy = new TomlMapper().readTree(Files.readString(file));
            return REROUTES.stream()
                    .filter(policy::has)
                    .findFirst()
                    .map(key -> CheckResult.failed(
                            SettingsCheck.NAME,
                            "%s sets %s, which outranks the launch".formatted(file, key),
                            "edit %s and remove %s".formatted(file, key)))
                    .orElseGet(() -> CheckResult.ok(SettingsCheck.NAME, "%s, nothing in the way".formatted(file)));
        } catch (IOException e) {
            return CheckResult.warning(
                    SettingsCheck.NAME,
                    "%s can't be read as TOML".formatted(file),
                    "edit %s and mend its TOML".formatted(file));
        }
    }
}
