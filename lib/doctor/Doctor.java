package lib.doctor;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import lib.api.ProviderClient;
import lib.api.Providers;
import lib.auth.Tokens;
import lib.base.Host;
import lib.base.Secret;
import lib.base.UserError;
import lib.config.Settings;
import lib.http.Http;

/// Looks at everything that a launch needs, in the order in which it needs it, and says what mends what is wrong.
/// It asks and spends what the launch itself would: one token, one look at the provider, one request to the
/// model.
///
///     new Doctor(host, settings, launch, Platform.LINUX, ZoneId.systemDefault(), Doctor.PATIENCE).examine(check ->
/// print(check));
///
/// What does not depend on each other runs at once, and nothing is waited for longer than the patience: a gateway
/// that hangs does not hang the doctor.
public final class Doctor {
    /// How long any one answer may take; the model's may take twice as long.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String UNASKED = "the gateway was not asked";

    private final DoctorContext subject;

    public Doctor(
            Host host, Settings settings, InspectedLaunch launch, Platform platform, ZoneId zone, Duration patience) {
        this.subject = new DoctorContext(host, settings, launch, platform, zone, patience, Http.of(host));
    }

    /// The gateway that a launch would use.
    ///
    /// @param tokens where its tokens come from; empty for the embedded one
    /// @param bearer what guards the embedded one
    record Gateway(URI url, Providers providers, Optional<Tokens> tokens, Optional<Secret> bearer) {}

    /// Looks at a configured gateway, and at everything else. A check is reported as soon as those before it are.
    public void examine(Consumer<CheckResult> report) {
        report.accept(EnvironmentCheck.of(subject.settings()));
        var agent = agent();
        var url = url(report);
        if (url.isEmpty()) {
            agent.get().forEach(report);
            return;
        }
        var signingIn =
                TimedResult.start(() -> SignInAttempt.of(subject), SignInAttempt.late(subject), subject.patience());
        var going = TimedResult.start(
                () -> RouteChecks.of(url.get(), subject), RouteChecks.late(url.get(), subject), subject.patience());
        var signIn = signingIn.get();
        report.accept(signIn.check());
        var route = going.get();
        route.forEach(report);
        var tokens = signIn.tokens();
        if (tokens.isPresent() && RouteChecks.open(route)) {
            offered(
                    new Gateway(
                            url.get(),
                            new ProviderClient(subject.settings().managementApi(), tokens.get(), subject.http()),
                            tokens,
                            Optional.empty()),
                    agent,
                    report);
        } else {
            rest(
                    SelectedProvider.none(CheckResult.skipped(ProviderChecks.PROVIDER, UNASKED), UNASKED, subject),
                    new Gateway(url.get(), Providers.of(List.of(), ""), tokens, Optional.empty()),
                    agent,
                    report);
        }
    }

    /// Looks at a gateway in this process, to which there is no way to go and no sign-in.
    public void examineEmbedded(URI url, Providers providers, Secret bearer, Consumer<CheckResult> report) {
        report.accept(EnvironmentCheck.of(subject.settings()));
        offered(new Gateway(url, providers, Optional.empty(), Optional.of(bearer)), agent(), report);
    }

    /// What can be looked at where the settings can't be made out.
    ///
    /// @param why what is wrong with them
    public static void examineAgent(
            UserError why, Host host, InspectedLaunch launch, Platform platform, Consumer<CheckResult> report) {
        report.accept(EnvironmentCheck.failed(why, launch));
        DoctorContext.agent(host, launch, platform, PATIENCE).forEach(report);
    }

    private Optional<URI> url(Consumer<CheckResult> report) {
        try {
            return Optional.of(subject.settings().gateway());
        } catch (UserError notReady) {
            report.accept(CheckResult.failed(
                    GatewayCheck.NAME, notReady.getMessage(), subject.launch().step(notReady.remedy())));
            return Optional.empty();
        }
    }

    private TimedResult<List<CheckResult>> agent() {
        var late = CheckResult.failed(
                AgentCheck.NAME,
                "it does not start within %d s".formatted(subject.patience().toSeconds()),
                "npm install -g %s@latest"
                        .formatted(subject.launch().agent().binary().npmPackage()));
        return TimedResult.start(
                () -> DoctorContext.agent(subject.host(), subject.launch(), subject.platform(), subject.callPatience()),
                List.of(late),
                subject.patience());
    }

    private void offered(Gateway gateway, TimedResult<List<CheckResult>> agent, Consumer<CheckResult> report) {
        var late = SelectedProvider.none(
                CheckResult.failed(
                        ProviderChecks.PROVIDER,
                        "no answer within %d s".formatted(subject.patience().toSeconds()),
                        subject.launch().later(60)),
                "no answer",
                subject);
        rest(
                TimedResult.start(() -> SelectedProvider.of(gateway.providers(), subject), late, subject.patience())
                        .get(),
                gateway,
                agent,
                report);
    }

    private void rest(
            SelectedProvider chosen,
            Gateway gateway,
            TimedResult<List<CheckResult>> agent,
            Consumer<CheckResult> report) {
        chosen.checks().forEach(report);
        agent.get().forEach(report);
        report.accept(SettingsCheck.of(chosen, gateway));
        report.accept(LiveRequestCheck.of(chosen, gateway));
    }
}
