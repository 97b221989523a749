package tests.agents.codex;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.agents.LaunchPlan;
import lib.agents.codex.Codex;
import lib.agents.codex.CodexLaunchInput;
import lib.agents.codex.CodexLaunchInput.CodexHome;
import lib.agents.codex.CodexLaunchInput.Folder;
import lib.agents.codex.CodexLaunchInput.Model;
import lib.agents.codex.CodexLaunchInput.Route;
import lib.agents.codex.CodexToken;
import lib.agents.codex.Effort;
import lib.agents.variables.Inherited;
import lib.api.Provider;
import lib.api.ProviderType;

/// Launches of Codex to plan, each differing from a plain one in what its test is about.
///
///     CodexLaunches.plain().args("exec", "hi").plan().argv()
record CodexLaunches(CodexLaunchInput input) {
    static final CodexToken.Command HELPER = new CodexToken.Command(
            List.of("/usr/bin/env", "A=b", "/opt/jdk/bin/java", "auth", "token"), Duration.ofMinutes(5));

    static CodexLaunches plain() {
        return new CodexLaunches(new CodexLaunchInput(
                new Route(URI.create("https://gateway.example/llm/v1/providers/openai"), Optional.empty(), HELPER),
                new Model(Optional.empty(), Optional.empty()),
                new CodexHome(Path.of("/cache/home-1"), false),
                new Folder(true, Optional.empty()),
                List.of(),
                new Inherited(Map.of(), Path.of("/work/a b"))));
    }

    LaunchPlan plan() {
        return Codex.plan(input);
    }

    String config() {
        return plan().files().get(Path.of("/cache/home-1/config.toml"));
    }

    CodexLaunches at(String gateway) {
        return on(new Route(
                URI.create(gateway), input.route().provider(), input.route().token()));
    }

    CodexLaunches provider(ProviderType type, String... models) {
        var provider = Provider.of("openai", type).withModels(List.of(models));
        return on(new Route(
                input.route().proxyUrl(), Optional.of(provider), input.route().token()));
    }

    CodexLaunches token(CodexToken token) {
        return on(new Route(input.route().proxyUrl(), input.route().provider(), token));
    }

    CodexLaunches asking(String model, Effort effort) {
        return new CodexLaunches(new CodexLaunchInput(
                input.route(),
                new Model(Optional.of(model), Optional.of(effort)),
                input.home(),
                input.folder(),
                input.args(),
                input.inherited()));
    }

    CodexLaunches lasting() {
        var home = new CodexHome(input.home().path(), true);
        return new CodexLaunches(new CodexLaunchInput(
                input.route(), input.model(), home, input.folder(), input.args(), input.inherited()));
    }

    CodexLaunches trusting(boolean trust, String repository) {
        var folder = new Folder(trust, Optional.of(Path.of(repository)));
        return new CodexLaunches(new CodexLaunchInput(
                input.route(), input.model(), input.home(), folder, input.args(), input.inherited()));
    }

    CodexLaunches args(String... args) {
        return new CodexLaunches(new CodexLaunchInput(
                input.route(), input.model(), input.home(), input.folder(), List.of(args), input.inherited()));
    }

    CodexLaunches inheriting(Map<String, String> variables) {
        var inherited = new Inherited(variables, input.inherited().cwd());
        return new CodexLaunches(new CodexLaunchInput(
                input.route(), input.model(), input.home(), input.folder(), input.args(), inherited));
    }

    private CodexLaunches on(Route route) {
        return new CodexLaunches(new CodexLaunchInput(
                route, input.model(), input.home(), input.folder(), input.args(), input.inherited()));
    }
}
