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
import lib.gateway.exchange.CallListener;
import lib.http.Http;
import lib.install.RunningProgram;
import lib.usage.Call;

/// A launch of your own: what `rpkai run` does, with what you want pinned.
///
///     Launch.claude().through("anthropic").model("claude-sonnet-5-5").args("--permission-mode",
/// "plan").args(args).run()
///
/// Every step gives back a new launch and leaves the old one as it was. This class and what its signatures name are
/// the public API of scripts: what is renamed here keeps its old name, deprecated, for two versions. The steps are
/// named for what they pin, and not `withX`: they read as the sentence that a script is.
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

    /// Claude Code.
    public static Launch claude() {
        return of(ClaudeAgent.STANDARD);
    }

    /// Claude Code with options of its own: `Launch.claude(claude -> claude.bedrock())`.
    public static Launch claude(UnaryOperator<ClaudeAgent> options) {
        return of(options.apply(ClaudeAgent.STANDARD));
    }

    /// Codex.
    public static Launch codex() {
        return of(CodexAgent.STANDARD);
    }

    /// Codex with options of its own: `Launch.codex(codex -> codex.effort("high"))`.
    public static Launch codex(UnaryOperator<CodexAgent> options) {
        return of(options.apply(CodexAgent.STANDARD));
    }

    /// Any agent, one of your own too.
    public static Launch of(Agent agent) {
        return new Launch(agent, LaunchRequest.empty(), Flags.none(), List.of(), List.of(), Host.system());
    }

    /// On that provider, `-L`.
    public Launch through(String provider) {
        return asking(request.withProvider(provider));
    }

    /// With that model, `-m`.
    public Launch model(String model) {
        return asking(request.withModel(model));
    }

    /// With those arguments for the agent, after those that it has.
    public Launch args(String... words) {
        var all = new ArrayList<>(request.args());
        all.addAll(Arrays.asList(words));
        return asking(request.withArgs(all));
    }

    /// The same as [#args].
    ///
    /// @deprecated use [#args]; this name works through 0.3
    @Deprecated(since = "0.2", forRemoval = true)
    public Launch with(String... words) {
        return args(words);
    }

    /// With a variable for the agent. Those of the launch itself can't be set.
    public Launch variable(String name, String value) {
        return asking(request.withVariables(request.variables().withSet(name, value)));
    }

    /// In that environment, `--profile`, whichever is the current one.
    public Launch environment(String name) {
        return flagged(flags.withProfile(name));
    }

    /// On the gateway of that URL, `--endpoint`.
    public Launch gateway(String url) {
        return flagged(flags.withEndpoint(url));
    }

    /// With a gateway in this process in spite of a configured environment, `--embedded`.
    public Launch embedded() {
        return asking(request.withOption(LaunchOption.EMBEDDED_GATEWAY))
                .flagged(flags.withSwitch(Flags.Switch.EMBEDDED));
    }

    /// With the gateway token kept in this process, `--broker`.
    public Launch broker() {
        return asking(request.withOption(LaunchOption.BROKER));
    }

    /// The agent installed with npm where it is missing, `--install-agent`.
    public Launch install() {
        return asking(request.withOption(LaunchOption.INSTALL_AGENT));
    }

    /// An agent that is too old to be safe launched with a warning, `--allow-old-agent`.
    public Launch allowOldAgent() {
        return asking(request.withOption(LaunchOption.ALLOW_OLD_AGENT));
    }

    /// A model that the provider is known not to allow refused, `--strict-model`.
    public Launch strictModel() {
        return asking(request.withOption(LaunchOption.STRICT_MODEL));
    }

    /// With every request in that conversation, such as a ticket's number (`X-Redpanda-Genai-Conversation`). The
    /// relay of [#broker] adds the header.
    public Launch conversation(String name) {
        return asking(request.withConversation(name));
    }

    /// Told of the plan before anything happens. To refuse, it throws a [UserError].
    public Launch before(Consumer<LaunchPlan> check) {
        return new Launch(agent, request, flags, and(before, check), after, host);
    }

    /// Told when the agent has ended; this process stays for that.
    public Launch after(Consumer<LaunchResult> last) {
        return new Launch(agent, request, flags, before, and(after, last), host);
    }

    /// On that machine: for tests.
    public Launch on(Host host) {
        return new Launch(agent, request, flags, before, after, host);
    }

    /// What would be launched, with nothing done. A gateway in this process is closed again by then, and the
    /// folder of a home that would be made for the session is empty.
    ///
    /// @throws UserError for what a launch would fail with
    public LaunchPlan plan() {
        try (var http = Http.of(host)) {
            var launching = launching(http, Optional.empty());
            return launching.plan(launching.settings(flags), false);
        }
    }

    /// Launches it. What goes wrong is said on standard error, as `rpkai run` says it.
    ///
    /// @return the agent's exit code, 128+n when signal n ended it; 1 for a failure, 2 for bad usage. Does not
    ///     return where nothing is left to do afterwards and the agent takes this process over
    public int run() {
        return started((launching, settings) -> launching.run(settings), exitCode -> exitCode, exitCode -> exitCode);
    }

    /// Launches it unattended with that text on its standard input, for `claude -p` and `codex exec`, and waits
    /// for what it prints. What goes wrong is said on standard error, and the answer is empty.
    ///
    ///     Launch.claude().through("anthropic").args("-p", "Summarise this.").ask(text).out()
    public Answer ask(String input) {
        return started(
                (launching, settings) -> launching.ask(settings, input),
                Answer::exitCode,
                exitCode -> new Answer(exitCode, "", ""));
    }

    private <T> T started(
            BiFunction<LaunchRunner, Settings, T> start, ToIntFunction<T> exitCode, IntFunction<T> failed) {
        RunningProgram.keepFit();
        if (host.enabled("RPAI_VERBOSE")) host.trace().to(host.err());
        var calls = Collections.synchronizedList(new ArrayList<Call>());
        var meter = after.isEmpty()
                ? Optional.<CallListener>empty()
                : Optional.of(new CallListener(calls::add, host.clock()));
        try (var http = Http.of(host)) {
            var launching = launching(http, meter);
            var settings = launching.settings(flags);
            var begin = System.nanoTime();
            var result = start.apply(launching, settings);
            var ended =
                    new LaunchResult(exitCode.applyAsInt(result), Duration.ofNanos(System.nanoTime() - begin), calls);
            after.forEach(last -> last.accept(ended));
            return result;
        } catch (RuntimeException e) {
            return failed.apply(UserError.report(e, host.err(), host.enabled("RPAI_VERBOSE")));
        }
    }

    private LaunchRunner launching(Http http, Optional<CallListener> meter) {
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
