package lib.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.api.Lookup;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.auth.SignedOut;
import lib.base.ErrorCode;
import lib.base.UserError;

/// Whether the provider can be used: readable, enabled, of a type that the agent speaks to, the model among its
/// own.
final class ProviderChecks {
    static final String PROVIDER = "provider";
    static final String TYPE = "type";
    static final String MODEL = "model";

    private ProviderChecks() {}

    /// The provider was found, or may be there.
    static CheckResult readable(String name, Lookup lookup, InspectedLaunch launch) {
        return switch (lookup) {
            case Lookup.Found(var provider)
            when !provider.enabled() ->
                CheckResult.failed(
                        PROVIDER,
                        "\"%s\" is disabled".formatted(name),
                        launch.asking("llm update %s --enabled".formatted(name)));
            case Lookup.Found _ -> CheckResult.ok(PROVIDER, "\"%s\" is readable and enabled".formatted(name));
            case Lookup.Unreadable _ ->
                CheckResult.warning(
                        PROVIDER,
                        "you may not read \"%s\"; a launch tries it all the same".formatted(name),
                        "ask the gateway's administrator for dataplane_adp_llmprovider_get");
        };
    }

    /// The provider could not be read.
    ///
    /// @param all what there is; empty where that is not known
    static CheckResult unreadable(UserError e, List<Provider> all, InspectedLaunch launch) {
        if (e instanceof SignedOut signedOut)
            return CheckResult.failed(PROVIDER, signedOut.why(), launch.plain("auth login"));
        if (e.is(ErrorCode.NOT_FOUND))
            return CheckResult.failed(
                    PROVIDER,
                    e.getMessage(),
                    fitting(launch.agent(), all).stream()
                            .findFirst()
                            .map(name -> launch.run(name, Optional.empty()))
                            .orElseGet(() -> launch.asking("llm list")));
        return CheckResult.failed(PROVIDER, e.getMessage(), launch.step(e.remedy()));
    }

    /// No provider was named, and not just one fits.
    static CheckResult unnamed(List<Provider> all, InspectedLaunch launch) {
        var fitting = fitting(launch.agent(), all);
        return fitting.isEmpty()
                ? CheckResult.skipped(PROVIDER, "name one with -L (%s)".formatted(launch.asking("llm list")))
                : CheckResult.skipped(PROVIDER, "name one with -L: " + String.join(", ", fitting));
    }

    /// The names of the enabled providers that the agent speaks to.
    static List<String> fitting(DoctorAgent agent, List<Provider> all) {
        return all.stream()
                .filter(p -> p.enabled() && agent.speaksTo(p))
                .map(Provider::name)
                .toList();
    }

    /// @param all what there is; empty where that is not known
    static CheckResult type(Provider provider, List<Provider> all, InspectedLaunch launch) {
        var agent = launch.agent();
        if (agent.speaksTo(provider))
            return CheckResult.ok(
                    TYPE,
                    "%s, which %s speaks"
                            .formatted(provider.type(), agent.binary().title()));
        var other = DoctorAgent.all().stream()
                .filter(a -> a.speaksTo(provider))
                .findFirst()
                .map(a -> launch.run(a, provider.name(), Optional.empty()));
        var why = agent.types().contains(provider.type())
                ? "\"%s\" passes your own credentials through, and %s has none to pass"
                        .formatted(provider.name(), agent.binary().title())
                : "\"%s\" is %s; %s takes %s"
                        .formatted(
                                provider.name(),
                                provider.type(),
                                agent.binary().title(),
                                agent.types().stream()
                                        .map(ProviderType::label)
                                        .sorted()
                                        .collect(Collectors.joining(" or ")));
        return CheckResult.failed(
                TYPE,
                why,
                fitting(agent, all).stream()
                        .findFirst()
                        .map(name -> launch.run(name, Optional.empty()))
                        .or(() -> other)
                        .orElseGet(() -> launch.asking("llm list")));
    }

    /// @param model what the session starts with; empty where only the agent knows
    /// @param chosen who chose it, such as `-m`
    static CheckResult model(
            Optional<Provider> provider, Optional<String> model, String chosen, InspectedLaunch launch) {
        if (model.isEmpty())
            return CheckResult.skipped(
                    MODEL,
                    "name one with -m; %s has a default of its own"
                            .formatted(launch.agent().binary().title()));
        var found = "%s (%s)".formatted(model.get(), chosen);
        if (provider.isEmpty()) return CheckResult.skipped(MODEL, found + "; the provider can't be read");
        if (provider.get().allows(model.get()))
            return CheckResult.ok(
                    MODEL, found + (provider.get().models().isEmpty() ? "; every model is allowed" : " is allowed"));
        return CheckResult.failed(
                MODEL,
                "%s is not among \"%s\"'s models"
                        .formatted(found, provider.get().name()),
                launch.run(
                        provider.get().name(),
                        Optional.of(nearest(provider.get().models(), model.get()))));
    }

    /// The allowed model that begins most like the other.
    private static String nearest(List<String> allowed, String model) {
        return allowed.stream()
                .max(Comparator.comparingInt(name -> shared(name, model)))
                .orElseThrow();
    }

    private static int shared(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) length++;
        return length;
    }
}
