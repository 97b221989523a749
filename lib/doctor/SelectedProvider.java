package lib.doctor;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.Providers;
import lib.base.ErrorCode;
import lib.base.UserError;

/// The provider that the launch would use, as far as it is known.
///
/// @param checks what to say of it
/// @param subject the same subject, its provider named
/// @param provider empty where it can't be read
/// @param usable whether a request to it makes sense
record SelectedProvider(List<CheckResult> checks, DoctorContext subject, Optional<Provider> provider, boolean usable) {

    /// Reads it; without `-L` the only one that fits is meant, or the demo model where there is nothing else, on
    /// whichever wire: it costs nothing.
    static SelectedProvider of(Providers providers, DoctorContext subject) {
        var launch = subject.launch();
        if (launch.provider().isPresent()) return look(launch.provider().get(), providers, subject);
        var all = all(providers);
        var fitting = ProviderChecks.fitting(launch.agent(), all);
        var obvious = fitting.size() == 1
                || !fitting.isEmpty() && fitting.stream().allMatch(name -> name.matches("demo(-.*)?"));
        return obvious
                ? look(fitting.getFirst(), providers, subject.on(fitting.getFirst()))
                : none(ProviderChecks.unnamed(all, launch), "no provider is named", subject);
    }

    /// Nobody was asked, or nobody answered.
    static SelectedProvider none(CheckResult why, String rest, DoctorContext subject) {
        return new SelectedProvider(
                List.of(
                        why,
                        CheckResult.skipped(ProviderChecks.TYPE, rest),
                        CheckResult.skipped(ProviderChecks.MODEL, rest)),
                subject,
                Optional.empty(),
                false);
    }

    private static SelectedProvider look(String name, Providers providers, DoctorContext subject) {
        var launch = subject.launch();
        Lookup lookup;
        try {
            lookup = providers.find(name);
        } catch (UserError e) {
            return none(ProviderChecks.unreadable(e, all(providers), launch), "the provider was not found", subject);
        }
        var provider = lookup instanceof Lookup.Found(var found) ? Optional.of(found) : Optional.<Provider>empty();
        var readable = ProviderChecks.readable(name, lookup, launch);
        var fits = provider.map(launch.agent()::speaksTo).orElse(true);
        var type = provider.map(p -> ProviderChecks.type(p, fits ? List.of() : all(providers), launch))
                .orElseGet(() -> CheckResult.skipped(ProviderChecks.TYPE, "the provider can't be read"));
        var chosen = subject.model(provider);
        var model = fits
                ? needsModel(subject.on(name), chosen, provider)
                        .orElseGet(() -> ProviderChecks.model(provider, chosen.name(), chosen.by(), launch))
                : CheckResult.skipped(ProviderChecks.MODEL, "the provider does not fit");
        var checks = List.of(readable, type, model);
        return new SelectedProvider(checks, subject, provider, checks.stream().noneMatch(CheckResult::failed));
    }

    /// Some agents have no model of their own, and refuse to start without one.
    private static Optional<CheckResult> needsModel(
            DoctorContext subject, SelectedModel chosen, Optional<Provider> provider) {
        if (chosen.name().isPresent()
                || subject.launch().agent().isClaude()
                || subject.launch().agent().isCodex()) return Optional.empty();
        try {
            subject.plan(URI.create("http://127.0.0.1"), provider);
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e)
                    .filter(missing -> missing.is(ErrorCode.MODEL_REQUIRED))
                    .map(missing -> CheckResult.failed(
                            ProviderChecks.MODEL,
                            missing.getMessage(),
                            subject.launch().run(subject.launch().provider().orElseThrow(), Optional.of("MODEL"))));
        }
    }

    private static List<Provider> all(Providers providers) {
        try {
            return providers.list();
        } catch (UserError unlistable) {
            return List.of();
        }
    }
}
