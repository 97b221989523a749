package lib.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.AgentCredential;
import lib.agents.ConflictingSetting;
import lib.agents.Explanation;
import lib.agents.Inherited;
import lib.agents.LaunchPlan;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeLaunchInput;
import lib.agents.claude.ClaudeMode;
import lib.api.ProxyUrl;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.AuthMode;

/// Whether a settings file that Claude Code reads besides the launch's own stands in the way. What the launch
/// does about it is asked of the launch itself.
final class SettingsCheck {
    static final String NAME = "settings";

    private SettingsCheck() {}

    /// Looks at what the launch that was chosen would find.
    static CheckResult of(SelectedProvider chosen, Doctor.Gateway gateway) {
        var subject = chosen.subject();
        if (subject.launch().agent().isCodex()) return CodexPolicyCheck.of(subject.host());
        if (!subject.launch().agent().isClaude()) return ofAnother(chosen, gateway);
        var mode = DoctorContext.mode(chosen.provider());
        var fixed = mode == ClaudeMode.PASSTHROUGH
                || gateway.tokens()
                        .map(tokens -> !tokens.renewable() && subject.settings().authMode() != AuthMode.NONE)
                        .orElse(false);
        var token = gateway.bearer()
                .<AgentCredential>map(AgentCredential.Session::new)
                .orElseGet(() -> fixed
                        ? new AgentCredential.Fixed(new Secret(AgentCredential.PLACEHOLDER))
                        : AgentCredential.NO_SIGN_IN);
        var proxyUrl = subject.launch()
                .provider()
                .map(name -> ProxyUrl.of(gateway.url(), name))
                .orElse(gateway.url());
        return of(
                new ClaudeLaunchInput(
                        new ClaudeLaunchInput.Route(proxyUrl, mode, chosen.provider(), token),
                        subject.launch().model(),
                        List.of(),
                        new ClaudeLaunchInput.Files(Optional.empty(), subject.settingsFiles(), subject.signIn()),
                        Inherited.from(subject.host())),
                subject.launch());
    }

    /// Of an agent that takes its settings whole from the launch: what stands in the files besides has no effect,
    /// or is refused.
    private static CheckResult ofAnother(SelectedProvider chosen, Doctor.Gateway gateway) {
        var subject = chosen.subject();
        if (!chosen.usable()) return CheckResult.skipped(NAME, "no provider that can be used");
        var files = subject.launch().agent().launched().settingsFiles(subject.host());
        var broken = files.stream().filter(SettingsFile::broken).findFirst();
        if (broken.isPresent())
            return CheckResult.warning(
                    NAME,
                    "%s can't be read as JSON".formatted(broken.get().path()),
                    "edit %s and mend its JSON".formatted(broken.get().path()));
        try {
            var plan = subject.plan(gateway.url(), chosen.provider());
            if (files.isEmpty()) return CheckResult.ok(NAME, "no settings file applies");
            return held(
                    files,
                    Explanation.of(plan, Map.of(), files).stream()
                            .filter(line -> !line.displaced().isEmpty())
                            .map(line -> line.name().replaceFirst("^settings: ", ""))
                            .toList());
        } catch (UserError e) {
            return CheckResult.failed(NAME, e.getMessage(), e.remedy().text());
        }
    }

    private static CheckResult held(List<SettingsFile> files, List<String> held) {
        return CheckResult.ok(
                NAME,
                (files.size() == 1 ? "1 file" : files.size() + " files")
                        + (held.isEmpty() ? ", nothing in the way" : ", held off: " + String.join(", ", held)));
    }

    /// Plans the launch and looks at what came of it.
    private static CheckResult of(ClaudeLaunchInput launch, InspectedLaunch inspected) {
        try {
            return of(launch, ClaudeCode.plan(launch), inspected);
        } catch (UserError e) {
            return CheckResult.failed(
                    NAME,
                    e instanceof ConflictingSetting.Refusal refusal ? found(refusal.setting()) : e.getMessage(),
                    inspected.step(e.remedy()));
        }
    }

    private static CheckResult of(ClaudeLaunchInput launch, LaunchPlan plan, InspectedLaunch inspected) {
        var files = launch.files().settings();
        var displacement = ClaudeCode.displacements(launch).stream().findFirst();
        if (displacement.isPresent())
            return CheckResult.warning(
                    NAME,
                    found(displacement.get()),
                    inspected.step(displacement.get().remedy()));
        var broken = files.stream().filter(SettingsFile::broken).findFirst();
        if (broken.isPresent())
            return CheckResult.warning(
                    NAME,
                    "%s is no valid JSON, and is ignored".formatted(broken.get().path()),
                    "edit %s and mend its JSON".formatted(broken.get().path()));
        if (files.isEmpty()) return CheckResult.ok(NAME, "no settings file applies");
        var held = files.stream()
                .flatMap(file -> heldOff(file, plan).stream())
                .distinct()
                .sorted()
                .toList();
        return held(files, held);
    }

    /// What a file sets and the launch holds off.
    private static List<String> heldOff(SettingsFile file, LaunchPlan plan) {
        var held = new ArrayList<>(file.variables().stream()
                .filter(name -> file.variable(name).isPresent()
                        && plan.settings().path("env").has(name))
                .filter(name -> !plan.settings()
                        .path("env")
                        .path(name)
                        .asText()
                        .equals(file.variable(name).get()))
                .toList());
        if (!file.json().path("apiKeyHelper").asText("").isEmpty()) held.add("apiKeyHelper");
        return held;
    }

    private static String found(ConflictingSetting setting) {
        return "%s sets %s, which %s".formatted(setting.file(), setting.key(), setting.effect());
    }
}
