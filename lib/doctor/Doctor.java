package lib.doctor;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import lib.Host;
import lib.Secret;
import lib.UserError;
import lib.auth.Tokens;
import lib.config.Settings;
import lib.http.Http;
import lib.providers.Management;
import lib.providers.Providers;

/// Looks at everything that a launch needs, in the order in which it needs it, and says what mends what is wrong. It asks
/// and spends what the launch itself would: one token, one look at the provider, one request to the model.
///
///     new Doctor(host, settings, launch, Platform.LINUX, ZoneId.systemDefault(), Doctor.PATIENCE).examine(check -> print(check));
///
/// What does not depend on each other runs at once, and nothing is waited for longer than the patience: a gateway that
/// hangs does not hang the doctor.
public final class Doctor {
    /// How long any one answer may take; the model's may take twice as long.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String UNASKED = "the gateway was not asked";

    private final Subject subject;

    public Doctor(Host host, Settings settings, Launch launch, Platform platform, ZoneId zone, Duration patience) {
        this.subject = new Subject(host, settings, launch, platform, zone, patience, Http.of(host));
    }

    /// The gateway that a launch would use.
    ///
    /// @param tokens where its tokens come from; empty for the embedded one
    /// @param bearer what guards the embedded one
    record Gateway(URI url, Providers providers, Optional<Tokens> tokens, Optional<Secret> bearer) {}

    /// Looks at a configured gateway, and at everything else. A check is reported as soon as those before it are.
    public void examine(Consumer<Check> report) {
        report.accept(EnvironmentCheck.of(subject.settings()));
        var agent = agent();
        var url = url(report);
        if (url.isEmpty()) {
            agent.get().forEach(report);
            return;
        }
        var signingIn = Soon.start(() -> SignIn.of(subject), SignIn.late(subject), subject.patience());
        var going = Soon.start(() -> RouteChecks.of(url.get(), subject), RouteChecks.late(url.get(), subject), subject.patience());
        var signIn = signingIn.get();
        report.accept(signIn.check());
        var route = going.get();
        route.forEach(report);
        var tokens = signIn.tokens();
        if (tokens.isPresent() && RouteChecks.open(route)) {
            offered(new Gateway(url.get(), new Management(subject.settings().managementApi(), tokens.get(), subject.http()), tokens, Optional.empty()), agent, report);
        } else {
            rest(Chosen.none(Check.skipped(ProviderChecks.PROVIDER, UNASKED), UNASKED, subject), new Gateway(url.get(), Providers.of(List.of(), ""), tokens, Optional.empty()), agent, report);
        }
    }

    /// Looks at a gateway in this process, to which there is no way to go and no sign-in.
    public void examineEmbedded(URI url, Providers providers, Secret bearer, Consumer<Check> report) {
        report.accept(EnvironmentCheck.of(subject.settings()));
        offered(new Gateway(url, providers, Optional.empty(), Optional.of(bearer)), agent(), report);
    }

    /// What can be looked at where the settings can't be made out.
    ///
    /// @param why what is wrong with them
    public static void examineAgent(UserError why, Host host, Launch launch, Platform platform, Consumer<Check> report) {
        report.accept(EnvironmentCheck.failed(why));
        Subject.agent(host, launch, platform, PATIENCE).forEach(report);
    }

    private Optional<URI> url(Consumer<Check> report) {
        try {
            return Optional.of(subject.settings().gateway());
        } catch (UserError notReady) {
            report.accept(Check.failed(GatewayCheck.NAME, notReady.getMessage(), Hint.of(notReady)));
            return Optional.empty();
        }
    }

    private Soon<List<Check>> agent() {
        var late = Check.failed(AgentCheck.NAME, "it does not start within %d s".formatted(subject.patience().toSeconds()), "npm install -g %s@latest".formatted(subject.launch().agent().binary().npmPackage()));
        return Soon.start(() -> Subject.agent(subject.host(), subject.launch(), subject.platform(), subject.callPatience()), List.of(late), subject.patience());
    }

    private void offered(Gateway gateway, Soon<List<Check>> agent, Consumer<Check> report) {
        var late = Chosen.none(Check.failed(ProviderChecks.PROVIDER, "no answer within %d s".formatted(subject.patience().toSeconds()), subject.launch().later(60)), "no answer", subject);
        rest(Soon.start(() -> Chosen.of(gateway.providers(), subject), late, subject.patience()).get(), gateway, agent, report);
    }

    private void rest(Chosen chosen, Gateway gateway, Soon<List<Check>> agent, Consumer<Check> report) {
        chosen.checks().forEach(report);
        agent.get().forEach(report);
        report.accept(SettingsCheck.of(chosen, gateway));
        report.accept(Trial.of(chosen, gateway));
    }
}
