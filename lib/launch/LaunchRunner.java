package lib.launch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.agents.Agent;
import lib.agents.Connection;
import lib.agents.DisallowedModel;
import lib.agents.Home;
import lib.agents.LaunchOption;
import lib.agents.LaunchPlan;
import lib.agents.LaunchRequest;
import lib.agents.Launcher;
import lib.agents.ProviderRequirement;
import lib.agents.home.PersistentHome;
import lib.agents.home.TemporaryHome;
import lib.agents.variables.Withheld;
import lib.api.Provider;
import lib.api.ProxyUrl;
import lib.auth.Tokens;
import lib.base.Host;
import lib.base.Remedy;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Flags;
import lib.config.Settings;
import lib.http.Http;
import lib.http.ProxyVariables;
import lib.install.RunningProgram;
import lib.usage.Call;
import lib.usage.pricing.Prices;
import lib.usage.report.SessionSummary;

/// One launch, from the request to the agent's exit code. `rpkai run`, `rpkai explain` and a script's [Launch]
/// all use this class.
///
///     var runner = new LaunchRunner(ClaudeAgent.STANDARD, request, host, http, inheritedFiles);
///     runner.run(runner.settings(flags));
///
/// @param agent the agent to launch
/// @param request the options of the launch
/// @param host the machine
/// @param http the client for control calls
/// @param inheritedFiles the descriptors that the shell handed to this process
/// @param watch the listeners
public record LaunchRunner(
        Agent agent, LaunchRequest request, Host host, Http http, Set<Integer> inheritedFiles, Watch watch) {

    /// The listeners of a launch.
    ///
    /// @param plan the receiver of the plan before anything happens; it may refuse with a [UserError]
    /// @param calls the listener for every call that passes this process; if there is one, this process stays
    ///     until the agent has ended
    public record Watch(Consumer<LaunchPlan> plan, Optional<Consumer<Call>> calls) {}

    /// Makes a launch without listeners.
    public LaunchRunner(Agent agent, LaunchRequest request, Host host, Http http, Set<Integer> inheritedFiles) {
        this(agent, request, host, http, inheritedFiles, new Watch(_ -> {}, Optional.empty()));
    }

    /// Resolves the settings and checks them against the request before any network access.
    ///
    /// @throws UserError for invalid settings or arguments
    public Settings settings(Flags flags) {
        var settings = Settings.resolve(flags, host);
        Withheld.check(request.variables().inherited(), host);
        agent.check(request, settings, host);
        return settings;
    }

    /// Opens the gateway of the launch. The caller closes it when the agent has ended.
    public GatewaySession open(Settings settings) {
        return GatewaySession.open(this, settings, watch.calls(), false);
    }

    /// Reads the provider and checks that the agent can use it.
    ///
    /// @param tentative whether the plan is only shown; a failing gateway or sign-in is then a warning, since a
    ///     user may ask for the plan to find out why a launch fails
    /// @throws UserError without a provider, and for one that the agent can't use
    public Connection connect(Settings settings, GatewaySession session, boolean tentative) {
        var name =
                request.provider().orElseThrow(() -> ProviderRequirement.missing(agent.types(), session.providers()));
        var provider = provider(name, session, tentative);
        if (agent.needsRelay() && provider.filter(Provider::passthrough).isPresent()) {
            throw new UserError(
                    "provider \"%s\" passes your own credentials through, but %s has none"
                            .formatted(name, agent.binary().title()),
                    "use a provider with its own key; rpkai llm list lists them");
        }
        return new Connection(
                settings, ProxyUrl.of(session.url(), name), provider, session.bearer(), session.tokens(), tentative);
    }

    /// The connection to the provider as far as it is known without any request.
    ///
    /// @throws UserError without a provider; bad usage
    public Connection connectUnasked(Settings settings) {
        var name = request.provider()
                .orElseThrow(() -> UserError.usage(
                        "--llmprovider is required", Remedy.advice("choose one with -L; rpkai llm list lists them")));
        var isHere = settings.wantsEmbeddedGateway() || GatewaySession.isRelayed(agent, request, settings);
        // The port of a gateway in this process is known only when it runs.
        var gateway = isHere ? URI.create("http://127.0.0.1:0") : settings.gateway();
        var bearer = isHere ? Optional.of(new Secret("")) : Optional.<Secret>empty();
        return new Connection(settings, ProxyUrl.of(gateway, name), Optional.empty(), bearer, Optional.empty(), true);
    }

    private Optional<Provider> provider(String name, GatewaySession session, boolean tentative) {
        try {
            var provider = ProviderRequirement.require(
                            name, agent.types(), agent.binary().title(), session.providers())
                    .provider();
            host.trace()
                    .log(() -> provider.map(found -> "provider %s: %s, %s, %s"
                                    .formatted(
                                            found.name(),
                                            found.type().label(),
                                            found.passthrough() ? "the caller's own credential" : "the gateway's key",
                                            found.models().isEmpty()
                                                    ? "every model"
                                                    : "models " + String.join(", ", found.models())))
                            .orElse("provider %s: not readable, using the given options".formatted(name)));
            return provider;
        } catch (UserError e) {
            if (!tentative || e.exitCode() == UserError.USAGE) throw e;
            host.warn(e.line());
            return Optional.empty();
        }
    }

    /// The plan, without carrying it out. The folder of a temporary home is empty in it.
    public LaunchPlan plan(Settings settings, boolean tentative) {
        try (var session = open(settings)) {
            return plan(connect(settings, session, tentative))
                    .apply(
                            agent.home() instanceof Home.Lasting(var dir)
                                    ? PersistentHome.checked(dir, host)
                                    : Path.of(""));
        }
    }

    /// The plan as it is shown. A failing gateway or sign-in is a warning, and neither is contacted for an
    /// agent that can be planned without them.
    public LaunchPlan preview(Settings settings) {
        if (!agent.isPlannedUnasked()) return plan(settings, true);
        var home = agent.home() instanceof Home.Lasting(var dir) ? Path.of(dir) : Path.of("");
        return plan(connectUnasked(settings)).apply(home);
    }

    /// Launches the agent, and prints a summary of the session if its traffic passed this process.
    ///
    /// @return the agent's exit code, or 128+n when signal n ended it; does not return where the agent replaces
    ///     this process
    public int run(Settings settings) {
        var calls = Collections.synchronizedList(new ArrayList<Call>());
        Consumer<Call> all = call -> {
            calls.add(call);
            watch.calls().ifPresent(given -> given.accept(call));
        };
        var exitCode = run(
                settings,
                Optional.of(all),
                (plan, program, stays) ->
                        launcher().launch(plan, program, stays ? Launcher.After.CLEAN_UP : Launcher.After.NOTHING));
        if (settings.wantsEmbeddedGateway() || GatewaySession.isRelayed(agent, request, settings))
            summary(List.copyOf(calls)).ifPresent(line -> host.err().println("rpkai: " + line));
        return exitCode;
    }

    /// Launches the agent unattended, with that text on its standard input.
    public Launcher.Answer ask(Settings settings, String input) {
        return run(settings, watch.calls(), (plan, program, _) -> launcher().ask(plan, program, input));
    }

    private Launcher launcher() {
        return new Launcher(host, inheritedFiles);
    }

    /// Starts the agent once the plan is complete.
    private interface Start<T> {
        /// @param stays whether this process must stay until the agent has ended
        T start(LaunchPlan plan, Path program, boolean stays);
    }

    private <T> T run(Settings settings, Optional<Consumer<Call>> told, Start<T> start) {
        try (var session = GatewaySession.open(this, settings, told, true)) {
            var plan = plan(connect(settings, session, false));
            session.tokens().filter(Tokens::renewable).ifPresent(_ -> RunningProgram.prepare(host));
            var stays = session.running().isPresent() || watch.calls().isPresent();
            return switch (agent.home()) {
                case Home.Own() -> launch(plan.apply(Path.of("")), agent.program(request, host), stays, start);
                case Home.Lasting(var dir) -> {
                    var program = agent.program(request, host);
                    yield launch(plan.apply(PersistentHome.prepare(dir, host)), program, stays, start);
                }
                case Home.Throwaway() -> {
                    var program = agent.program(request, host);
                    try (var throwaway = TemporaryHome.create(agent.binary(), host)) {
                        yield launch(plan.apply(throwaway.path()), program, true, start);
                    }
                }
            };
        }
    }

    private Optional<String> summary(List<Call> calls) {
        if (!calls.isEmpty()) return SessionSummary.of(calls, Prices.list());
        var elsewhere = agent.otherWays(host);
        // A session without requests is normal if the user only looked. A setting that leads elsewhere is still
        // reported.
        if (elsewhere.isEmpty() && !request.isRelayed()) return Optional.empty();
        return Optional.of("no request came through the gateway"
                + (elsewhere.isEmpty() ? "" : ": " + String.join(", ", elsewhere)));
    }

    /// A model, and the provider that does not allow it.
    private record Denied(String model, Provider provider) {}

    private static LaunchPlan warning(LaunchPlan plan, String line) {
        return plan.warnings().contains(line) ? plan : plan.withWarnings(List.of(line));
    }

    /// The agent's own plan, without the variables that no agent inherits.
    ///
    /// @throws UserError when the agent can't be launched this way
    public Function<Path, LaunchPlan> plan(Connection connection) {
        var denied = connection
                .provider()
                .flatMap(provider ->
                        agent.denied(request, connection, seen(connection)).map(model -> new Denied(model, provider)));
        if (denied.isPresent() && request.has(LaunchOption.STRICT_MODEL))
            throw DisallowedModel.refusal(denied.get().model(), denied.get().provider());
        var own =
                agent.plan(request, connection, seen(connection)).andThen(planned -> withholding(planned, connection));
        var plan = denied.map(each -> DisallowedModel.notAllowed(each.model(), each.provider()))
                .map(line -> own.andThen(planned -> warning(planned, line)))
                .orElse(own);
        return request.variables().set().isEmpty()
                ? plan
                : plan.andThen(
                        planned -> planned.withVariables(request.variables().set()));
    }

    /// The machine as the agent sees it.
    public Host seen(Connection connection) {
        return withheld(connection).less(host);
    }

    /// Returns the plan without the variables that no agent inherits.
    public LaunchPlan withholding(LaunchPlan plan, Connection connection) {
        return plan.withVariablesWithheld(
                withheld(connection), request.variables().inherited());
    }

    private Withheld withheld(Connection connection) {
        var local = ProxyVariables.isLoopback(connection.proxyUrl().getHost()) && !agent.reachesOut(connection);
        return Withheld.from(host, request.variables().inherited(), local);
    }

    /// The plan as one JSON document, with the variables of `--pass-env`.
    public ObjectNode show(LaunchPlan plan) {
        var json = plan.toJson();
        if (!request.variables().inherited().isEmpty())
            request.variables().inherited().forEach(json.putArray("passed")::add);
        return json;
    }

    private <T> T launch(LaunchPlan plan, Path program, boolean stays, Start<T> start) {
        watch.plan().accept(plan);
        if (host.trace().isOn()) PlanTrace.log(plan, program, stays, host);
        var path = agent.newEnough(program, plan.environment(host.env()), request, host);
        plan.links().make();
        plan.files()
                .forEach((file, text) -> PersistentHome.write(file, text)
                        .ifPresent(kept ->
                                host.warn("%s was not created by rpkai; its mode is now %s".formatted(file, kept))));
        return start.start(plan, path, stays);
    }
}
