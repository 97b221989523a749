package lib.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.agents.Agent;
import lib.agents.ConflictingSetting;
import lib.agents.LaunchPlan;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeAgent;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeLaunchInput;
import lib.agents.claude.ClaudeMode;
import lib.agents.claude.ClaudeSettings;
import lib.agents.credential.AgentCredential;
import lib.agents.variables.Inherited;
import lib.api.Provider;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.AuthMode;
import lib.doctor.CheckResult.Result;

/// Claude Code. It has short names for models, may use the user's own login, and reads settings files that can lead
/// it past the gateway.
record ClaudeDoctorAgent() implements DoctorAgent {
    @Override
    public Agent agent() {
        return ClaudeAgent.STANDARD;
    }

    @Override
    public boolean hasDefaultModel() {
        return true;
    }

    @Override
    public SelectedModel model(Optional<String> asked, Host host, Optional<Provider> provider) {
        return new ClaudeModels(settingsFiles(host), host.env(), mode(provider)).select(asked, provider);
    }

    @Override
    public Optional<String> whyNoRequest(DoctorContext context) {
        if (mode(context.provider().provider()) != ClaudeMode.PASSTHROUGH) return Optional.empty();
        var launch = context.selectedLaunch();
        return Optional.of("only Claude Code knows your own login: try %s -- -p Hi"
                .formatted(launch.runCommand(launch.provider().orElseThrow(), launch.model())));
    }

    /// Plans the launch and looks at the outcome: the launch itself knows which settings get in its way.
    @Override
    public Result settings(DoctorContext context, boolean usable) {
        var input = input(context);
        try {
            return settings(input, ClaudeCode.plan(input), context);
        } catch (ConflictingSetting.Refusal refusal) {
            return Result.failed(found(refusal.setting()), context.launch().nextStep(refusal.remedy()));
        } catch (UserError e) {
            return Result.failed(e.getMessage(), context.launch().nextStep(e.remedy()));
        }
    }

    private static Result settings(ClaudeLaunchInput input, LaunchPlan plan, DoctorContext context) {
        var displacement = ClaudeCode.displacements(input).stream().findFirst();
        if (displacement.isPresent())
            return Result.warning(
                    found(displacement.get()),
                    context.launch().nextStep(displacement.get().remedy()));
        var files = input.files().settings();
        var broken = files.stream().filter(SettingsFile::broken).findFirst();
        if (broken.isPresent())
            return Result.warning(
                    "%s is not valid JSON and is ignored".formatted(broken.get().path()),
                    "edit %s and correct its JSON".formatted(broken.get().path()));
        return DoctorAgent.overridden(
                files,
                files.stream()
                        .flatMap(file -> overridden(file, plan).stream())
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static ClaudeLaunchInput input(DoctorContext context) {
        var provider = context.provider().provider();
        var mode = mode(provider);
        var host = context.host();
        var files = settingsFiles(host);
        return new ClaudeLaunchInput(
                new ClaudeLaunchInput.Route(context.proxyUrl(), mode, provider, credential(mode, context)),
                context.launch().model(),
                List.of(),
                new ClaudeLaunchInput.Files(Optional.empty(), files, ClaudeAgent.STANDARD.signIn(files, host)),
                Inherited.from(host));
    }

    /// A credential of the kind that the launch would get.
    private static AgentCredential credential(ClaudeMode mode, DoctorContext context) {
        if (context.gateway() instanceof InspectedGateway.Embedded embedded)
            return new AgentCredential.Session(embedded.bearer());
        var fixed = mode == ClaudeMode.PASSTHROUGH
                || context.signIn()
                                .tokens()
                                .filter(tokens -> !tokens.renewable())
                                .isPresent()
                        && context.settings().authMode() != AuthMode.NONE;
        return fixed ? new AgentCredential.Fixed(new Secret(AgentCredential.PLACEHOLDER)) : AgentCredential.NO_SIGN_IN;
    }

    /// The keys of a file that the launch overrides.
    private static List<String> overridden(SettingsFile file, LaunchPlan plan) {
        var pins = plan.settings().path("env");
        var keys = new ArrayList<>(file.variables().stream()
                .filter(name -> file.variable(name)
                        .filter(value ->
                                pins.has(name) && !pins.path(name).asText().equals(value))
                        .isPresent())
                .toList());
        if (!file.json().path("apiKeyHelper").asText("").isEmpty()) keys.add("apiKeyHelper");
        return keys;
    }

    private static String found(ConflictingSetting setting) {
        return "%s sets %s, which %s".formatted(setting.file(), setting.key(), setting.effect());
    }

    private static List<SettingsFile> settingsFiles(Host host) {
        return ClaudeSettings.find(host, Optional.empty());
    }

    private static ClaudeMode mode(Optional<Provider> provider) {
        return ClaudeMode.decide(provider.filter(p -> ClaudeCode.TYPES.contains(p.type())), Set.of())
                .mode();
    }
}
