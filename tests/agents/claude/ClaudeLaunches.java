package tests.agents.claude;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.LaunchPlan;
import lib.agents.SettingsFile;
import lib.agents.claude.ClaudeCode;
import lib.agents.claude.ClaudeLaunchInput;
import lib.agents.claude.ClaudeMode;
import lib.agents.credential.AgentCredential;
import lib.agents.variables.Inherited;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.base.Secret;

/// A default launch; each test changes only what it tests.
///
///     ClaudeLaunches.managed().args("-p", "hi").plan()
record ClaudeLaunches(
        ClaudeMode mode,
        Optional<Provider> provider,
        AgentCredential token,
        Optional<String> model,
        List<String> args,
        List<SettingsFile> files,
        Map<String, String> env,
        Path cwd) {
    static final String URL = "https://aigw.example/llm/v1/providers/claude";
    static final AgentCredential HELPER = new AgentCredential.Helper("the-helper", Duration.ofMinutes(5));

    static ClaudeLaunches managed() {
        return new ClaudeLaunches(
                ClaudeMode.MANAGED,
                Optional.empty(),
                HELPER,
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Path.of("/work"));
    }

    static ClaudeLaunches bedrock() {
        return new ClaudeLaunches(
                ClaudeMode.BEDROCK,
                Optional.empty(),
                HELPER,
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Path.of("/work"));
    }

    static ClaudeLaunches passthrough() {
        return new ClaudeLaunches(
                ClaudeMode.PASSTHROUGH,
                Optional.empty(),
                new AgentCredential.Fixed(new Secret("gateway.jwt")),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Path.of("/work"));
    }

    ClaudeLaunches allowing(String... models) {
        var type = mode == ClaudeMode.BEDROCK ? ProviderType.BEDROCK : ProviderType.ANTHROPIC;
        return new ClaudeLaunches(
                mode,
                Optional.of(Provider.of("claude", type)
                        .withModels(List.of(models))
                        .withOption(Provider.Option.PASSTHROUGH, mode == ClaudeMode.PASSTHROUGH)),
                token,
                model,
                args,
                files,
                env,
                cwd);
    }

    ClaudeLaunches token(AgentCredential source) {
        return new ClaudeLaunches(mode, provider, source, model, args, files, env, cwd);
    }

    ClaudeLaunches model(String name) {
        return new ClaudeLaunches(mode, provider, token, Optional.of(name), args, files, env, cwd);
    }

    ClaudeLaunches args(String... words) {
        return new ClaudeLaunches(mode, provider, token, model, List.of(words), files, env, cwd);
    }

    ClaudeLaunches files(List<SettingsFile> found) {
        return new ClaudeLaunches(mode, provider, token, model, args, found, env, cwd);
    }

    ClaudeLaunches inheriting(Map<String, String> variables) {
        return new ClaudeLaunches(mode, provider, token, model, args, files, variables, cwd);
    }

    ClaudeLaunches in(Path folder) {
        return new ClaudeLaunches(mode, provider, token, model, args, files, env, folder);
    }

    LaunchPlan plan() {
        return plan(URL);
    }

    LaunchPlan plan(String url) {
        return ClaudeCode.plan(new ClaudeLaunchInput(
                new ClaudeLaunchInput.Route(URI.create(url), mode, provider, token),
                model,
                args,
                new ClaudeLaunchInput.Files(Optional.empty(), files, Optional.empty()),
                new Inherited(env, cwd)));
    }
}
