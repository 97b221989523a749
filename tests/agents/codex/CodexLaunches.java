package tests.agents.codex;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.LaunchPlan;
import lib.agents.codex.Codex;
import lib.agents.codex.CodexToken;
import lib.agents.codex.Effort;
import lib.api.Provider;
import lib.api.ProviderType;

/// Launches of Codex to plan, each differing from a plain one in what its test is about.
///
///     CodexLaunches.plain().args("exec", "hi").plan().argv()
record CodexLaunches(Codex.Launch launch) {
    static final CodexToken.Command HELPER = new CodexToken.Command(
            List.of("/usr/bin/env", "A=b", "/opt/jdk/bin/java", "auth", "token"), Duration.ofMinutes(5));

    static CodexLaunches plain() {
        return new CodexLaunches(new Codex.Launch(
                URI.create("https://gateway.example/llm/v1/providers/openai"),
                Optional.empty(),
                HELPER,
                Optional.empty(),
                Optional.empty(),
                Path.of("/cache/home-1"),
                false,
                true,
                Optional.empty(),
                List.of(),
                Map.of(),
                Path.of("/work/a b")));
    }

    LaunchPlan plan() {
        return Codex.plan(launch);
    }

    String config() {
        return plan().files().get(Path.of("/cache/home-1/config.toml"));
    }

    CodexLaunches at(String gateway) {
        return new CodexLaunches(new Codex.Launch(
                URI.create(gateway),
                launch.provider(),
                launch.token(),
                launch.model(),
                launch.effort(),
                launch.home(),
                launch.lasting(),
                launch.trust(),
                launch.repository(),
                launch.args(),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches provider(ProviderType type, String... models) {
        var provider = new Provider("openai", "", type, List.of(models), true, "", false);
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                Optional.of(provider),
                launch.token(),
                launch.model(),
                launch.effort(),
                launch.home(),
                launch.lasting(),
                launch.trust(),
                launch.repository(),
                launch.args(),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches token(CodexToken token) {
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                launch.provider(),
                token,
                launch.model(),
                launch.effort(),
                launch.home(),
                launch.lasting(),
                launch.trust(),
                launch.repository(),
                launch.args(),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches asking(String model, Effort effort) {
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                launch.provider(),
                launch.token(),
                Optional.of(model),
                Optional.of(effort),
                launch.home(),
                launch.lasting(),
                launch.trust(),
                launch.repository(),
                launch.args(),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches lasting() {
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                launch.provider(),
                launch.token(),
                launch.model(),
                launch.effort(),
                launch.home(),
                true,
                launch.trust(),
                launch.repository(),
                launch.args(),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches trusting(boolean trust, String repository) {
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                launch.provider(),
                launch.token(),
                launch.model(),
                launch.effort(),
                launch.home(),
                launch.lasting(),
                trust,
                Optional.of(Path.of(repository)),
                launch.args(),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches args(String... args) {
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                launch.provider(),
                launch.token(),
                launch.model(),
                launch.effort(),
                launch.home(),
                launch.lasting(),
                launch.trust(),
                launch.repository(),
                List.of(args),
                launch.inherited(),
                launch.cwd()));
    }

    CodexLaunches inheriting(Map<String, String> inherited) {
        return new CodexLaunches(new Codex.Launch(
                launch.proxyUrl(),
                launch.provider(),
                launch.token(),
                launch.model(),
                launch.effort(),
                launch.home(),
                launch.lasting(),
                launch.trust(),
                launch.repository(),
                launch.args(),
                inherited,
                launch.cwd()));
    }
}
