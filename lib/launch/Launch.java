package lib.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import lib.agents.Agent;
import lib.agents.LaunchOption;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.Launcher.Answer;
import lib.agents.claude.ClaudeAgent;
import lib.agents.codex.CodexAgent;
import lib.agents.process.Exec;
import lib.base.Host;
import lib.base.UserError;
import lib.config.Flags;
import lib.config.Settings;
import lib.http.Http;
import lib.install.RunningProgram;
import lib.usage.Call;

/// A launch in a script: it does what `rpkai run` does, with the options that the script sets.
///
///     Launch.claude().through("anthropic").model("claude-sonnet-5-5").args("--permission-mode",
///             "plan").args(args).run()
///
/// Each method returns a changed copy. This class and the types in its signatures are the public API of scripts:
/// a name that changes here keeps working, deprecated, for two versions. The methods are named for the option
/// that they set, and not `withX`, so that a launch reads as a sentence.
public final class Launch {
    private final Agent agent;
    private final LaunchRequest request;
    private final Flags flags;
    private final List<Consumer<LaunchPlan>> before;
    private final List<Consumer<LaunchResult>> after;
    private final Host host;

    private Launch(
            Agent agent,
            LaunchRequest request,
            Flags flags,
            List<Consumer<LaunchPlan>> before,
            List<Consumer<LaunchResult>> after,
            Host host) {
        this.agent = agent;
        this.request = request;
        this.flags = flags;
        this.before = before;
        this.after = after;
        this.host = host;
    }

    /// Launches Claude Code.
    public static Launch claude() {
        return of(ClaudeAgent.STANDARD);
    }

    /// Launches Claude Code with its own options: `Launch.claude(claude -> claude.bedrock())`.
    public static Launch claude(UnaryOperator<ClaudeAgent> options) {
        return of(options.apply(ClaudeAgent.STANDARD));
    }

    /// Launches Codex.
    public static Launch codex() {
        return of(CodexAgent.STANDARD);
    }

    /// Launches Codex with its own options: `Launch.codex(codex -> codex.effort("high"))`.
    public static Launch codex(UnaryOperator<CodexAgent> options) {
        return of(options.apply(CodexAgent.STANDARD));
    }

    /// Launches any agent, including one that the script defines itself.
    public static Launch of(Agent agent) {
        return new Launch(agent, LaunchRequest.empty(), Flags.none(), List.of(), List.of(), Host.system());
    }

    /// Uses this provider, `-L`.
    public Launch through(String provider) {
        return asking(request.withProvider(provider));
    }

    /// Uses this model, `-m`.
    public Launch model(String model) {
        return asking(request.withModel(model));
    }

    /// Adds arguments for the agent after the existing ones.
    public Launch args(String... words) {
        var all = new ArrayList<>(request.args());
        all.addAll(Arrays.asList(words));
        return asking(request.withArgs(all));
    }

    /// Does the same as [#args].
    ///
    /// @deprecated use [#args]; this name works through 0.3
    @Deprecated(since = "0.2", forRemoval = true)
    public Launch with(String... words) {
        return args(words);
    }

    /// Sets a variable for the agent. Variables of the launch itself can't be set.
    public Launch variable(String name, String value) {
        return asking(request.withVariables(request.variables().withSet(name, value)));
    }

    /// Uses this environment instead of the current one, `--profile`.
    public Launch environment(String name) {
        return flagged(flags.withProfile(name));
    }

    /// Uses the gateway at this URL, `--endpoint`.
    public Launch gateway(String url) {
        return flagged(flags.withEndpoint(url));
    }

    /// Uses a gateway in this process even if an environment is configured, `--embedded`.
    public Launch embedded() {
        return asking(request.withOption(LaunchOption.EMBEDDED_GATEWAY))
                .flagged(flags.withSwitch(Flags.Switch.EMBEDDED));
    }

    /// Keeps the gateway token in this process, `--broker`.
    public Launch broker() {
        return asking(request.withOption(LaunchOption.BROKER));
    }

    /// Installs the agent with npm if it is missing, `--install-agent`.
    public Launch install() {
        return asking(request.withOption(LaunchOption.INSTALL_AGENT));
    }

    /// Launches an agent that is too old to be safe with a warning instead of an error, `--allow-old-agent`.
    public Launch allowOldAgent() {
        return asking(request.withOption(LaunchOption.ALLOW_OLD_AGENT));
    }

    /// Refuses a model that the provider is known not to allow, `--strict-model`.
    public Launch strictModel() {
        return asking(request.withOption(LaunchOption.STRICT_MODEL));
    }

    /// Groups every request into this conversation, such as a ticket's number
    /// (`X-Redpanda-Genai-Conversation`). The relay of [#broker] adds the header.
    public Launch conversation(String name) {
        return asking(request.withConversation(name));
    }

    /// Calls `check` with the plan before anything happens. The check refuses the launch by throwing a
    /// [UserError].
    public Launch before(Consumer<LaunchPlan> check) {
        return new Launch(agent, request, flags, and(before, check), after, host);
    }

    /// Calls `last` when the agent has ended; this process stays until then.
    public Launch after(Consumer<LaunchResult> last) {
        return new Launch(agent, request, flags, before, and(after, last), host);
    }

    /// Uses that machine instead of the real one, for tests.
    public Launch on(Host host) {
        return new Launch(agent, request, flags, before, after, host);
    }

    /// The plan of the launch, without carrying it out. A gateway in this process has been closed again by
    /// then, and the folder of a temporary home is empty.
    ///
    /// @throws UserError for any error with which a launch would fail
    public LaunchPlan plan() {
        try (var http = Http.of(host)) {
            var runner = runner(http, Optional.empty());
            return runner.plan(runner.settings(flags), false);
        }
    }

    /// Launches the agent. Errors are printed to standard error in the same way as by `rpkai run`.
    ///
    /// @return the agent's exit code, or 128+n when signal n ended it; 1 for a failure, 2 for bad usage. Does
    ///     not return if nothing remains to be done afterwards and the agent replaces this process
    public int run() {
        return started((runner, settings) -> runner.run(settings), exitCode -> exitCode, exitCode -> exitCode);
    }

    /// Launches the agent unattended with that text on its standard input, for `claude -p` and `codex exec`,
    /// and waits for its output. Errors are printed to standard error, and the answer is then empty.
    ///
    ///     Launch.claude().through("anthropic").args("-p", "Summarise this.").ask(text).out()
    public Answer ask(String input) {
        return started(
                (runner, settings) -> runner.ask(settings, input),
                Answer::exitCode,
                exitCode -> new Answer(exitCode, "", ""));
    }

    private <T> T started(
            BiFunction<LaunchRunner, Settings, T> start, ToIntFunction<T> exitCode, IntFunction<T> failed) {
        RunningProgram.keepFit();
        if (host.enabled("RPAI_VERBOSE")) host.trace().to(host.err());
        var calls = Collections.synchronizedList(new ArrayList<Call>());
        var meter = after.isEmpty() ? Optional.<Consumer<Call>>empty() : Optional.<Consumer<Call>>of(calls::add);
        try (var http = Http.of(host)) {
            var runner = runner(http, meter);
            var settings = runner.settings(flags);
            var begin = System.nanoTime();
            var result = start.apply(runner, settings);
            var ended =
                    new LaunchResult(exitCode.applyAsInt(result), Duration.ofNanos(System.nanoTime() - begin), calls);
            after.forEach(last -> last.accept(ended));
            return result;
        } catch (RuntimeException e) {
            return failed.apply(UserError.report(e, host.err(), host.enabled("RPAI_VERBOSE")));
        }
    }

    private LaunchRunner runner(Http http, Optional<Consumer<Call>> meter) {
        return new LaunchRunner(
                agent,
                request,
                host,
                http,
                Exec.openFiles(),
                new LaunchRunner.Watch(plan -> before.forEach(check -> check.accept(plan)), meter));
    }

    private Launch asking(LaunchRequest request) {
        return new Launch(agent, request, flags, before, after, host);
    }

    private Launch flagged(Flags flags) {
        return new Launch(agent, request, flags, before, after, host);
    }

    private static <T> List<T> and(List<T> some, T more) {
        var all = new ArrayList<>(some);
        all.add(more);
        return all;
    }
}
