package lib.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import lib.agents.Connection;
import lib.agents.LaunchPlan;
import lib.api.Provider;
import lib.api.ProxyUrl;
import lib.base.Host;
import lib.base.Secret;
import lib.config.Settings;
import lib.http.Http;

/// What the checks have in common: the launch, the machine, and what several checks look at, each measured once and
/// within the time limit.
///
///     context.route().outcome()   // Answered[status=401, …]
public final class DoctorContext {
    private final InspectedGateway gateway;
    private final InspectedLaunch launch;
    private final Machine machine;
    private final Duration patience;
    private final Http http;
    private final Set<String> failed = new HashSet<>();

    private final Measurement<Optional<InstalledAgent>> installedAgent;
    private final Measurement<SignIn> signIn;
    private final Measurement<RouteFindings> route;
    private final Measurement<ProviderSelection> provider;

    DoctorContext(InspectedGateway gateway, InspectedLaunch launch, Machine machine, Duration patience) {
        this.gateway = gateway;
        this.launch = launch;
        this.machine = machine;
        this.patience = patience;
        this.http = Http.of(machine.host());
        this.installedAgent = measurement(() -> Optional.of(InstalledAgent.of(this)), Optional.empty());
        this.signIn = measurement(() -> SignIn.of(this), new SignIn.NoAnswer());
        this.route = measurement(
                () -> RouteFindings.of(gatewayUrl(), this),
                gateway instanceof InspectedGateway.Remote remote
                        ? RouteFindings.unanswered(remote.url(), noAnswerWithin(patience))
                        : null);
        this.provider = measurement(() -> ProviderSelection.of(this), new ProviderSelection.NoAnswer());
    }

    private <T> Measurement<T> measurement(Supplier<T> work, T late) {
        return new Measurement<>(work, late, patience);
    }

    /// Starts what takes long and depends on nothing else.
    void start() {
        installedAgent.start();
        if (gateway instanceof InspectedGateway.Remote) {
            signIn.start();
            route.start();
        }
    }

    void add(CheckResult result) {
        if (result.failed()) failed.add(result.name());
    }

    /// Whether one of these checks has failed.
    public boolean hasFailed(List<String> checks) {
        return checks.stream().anyMatch(failed::contains);
    }

    /// The gateway of the launch.
    public InspectedGateway gateway() {
        return gateway;
    }

    /// The launch as the user describes it.
    public InspectedLaunch launch() {
        return launch;
    }

    /// The same launch with the provider that was selected for it, where one was.
    public InspectedLaunch selectedLaunch() {
        return provider() instanceof ProviderSelection.Read read ? read.launch() : launch;
    }

    /// The machine's variables, folders and clock.
    public Host host() {
        return machine.host();
    }

    /// The machine itself.
    public Machine machine() {
        return machine;
    }

    /// The commands of the machine's operating system.
    public Platform platform() {
        return machine.platform();
    }

    /// The client of every call.
    public Http http() {
        return http;
    }

    /// The time limit of each answer.
    public Duration patience() {
        return patience;
    }

    /// The time limit that a call gets for itself: a bit less, so that the call can still say what happened.
    public Duration callPatience() {
        return patience.multipliedBy(4).dividedBy(5);
    }

    /// `no answer within 10 s`.
    public String noAnswerWithin(Duration limit) {
        return "no answer within %d s".formatted(limit.toSeconds());
    }

    /// The settings, for checks that need a gateway.
    public Settings settings() {
        return switch (gateway) {
            case InspectedGateway.WithoutUrl(var settings, var _) -> settings;
            case InspectedGateway.Remote(var settings, var _) -> settings;
            case InspectedGateway.Embedded embedded -> embedded.settings();
            case InspectedGateway.Unknown _ -> throw new IllegalStateException("the settings are not readable");
        };
    }

    /// The gateway's URL, for checks that need a gateway.
    public URI gatewayUrl() {
        return switch (gateway) {
            case InspectedGateway.Remote(var _, var url) -> url;
            case InspectedGateway.Embedded embedded -> embedded.url();
            case InspectedGateway.Unknown _, InspectedGateway.WithoutUrl _ ->
                throw new IllegalStateException("there is no gateway");
        };
    }

    /// The URL of the selected provider's proxy on the gateway; without a provider that of the gateway.
    public URI proxyUrl() {
        return selectedLaunch()
                .provider()
                .map(name -> ProxyUrl.of(gatewayUrl(), name))
                .orElseGet(this::gatewayUrl);
    }

    /// The key of a gateway in this process.
    public Optional<Secret> embeddedKey() {
        return gateway instanceof InspectedGateway.Embedded embedded
                ? Optional.of(embedded.bearer())
                : Optional.empty();
    }

    /// The agent's program; empty when it did not answer in time.
    public Optional<InstalledAgent> installedAgent() {
        return installedAgent.get();
    }

    /// The sign-in at a gateway elsewhere.
    public SignIn signIn() {
        return signIn.get();
    }

    /// The network between this machine and a gateway elsewhere.
    public RouteFindings route() {
        return route.get();
    }

    /// The provider that the launch would use.
    public ProviderSelection provider() {
        return provider.get();
    }

    /// The model that the session would start with.
    public SelectedModel model(Optional<Provider> of) {
        return launch.agent().model(launch.model(), host(), of);
    }

    /// The plan of a launch with that provider, which changes nothing.
    ///
    /// @throws lib.base.UserError for what the launch would fail with
    public LaunchPlan plan(InspectedLaunch of, URI at, Optional<Provider> read) {
        var proxyUrl = ProxyUrl.of(at, of.provider().orElseThrow());
        return of.agent()
                .agent()
                .plan(
                        of.request(),
                        new Connection(settings(), proxyUrl, read, Optional.of(new Secret("")), Optional.empty(), true),
                        host())
                .apply(Path.of(""));
    }
}
