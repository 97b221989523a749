package lib.doctor.checks;

import java.util.Optional;
import java.util.stream.Collectors;
import lib.api.Provider;
import lib.api.ProviderType;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorAgent;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.ProviderSelection;

/// Whether the agent speaks the API of the provider's type.
final class ProviderTypeCheck implements DoctorCheck {
    static final String NAME = "type";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Result run(DoctorContext context) {
        var selection = context.provider();
        if (!(selection instanceof ProviderSelection.Read read)
                || read.provider().isEmpty()) return ProviderCheck.notRead(selection);
        var provider = read.provider().get();
        var agent = read.launch().agent();
        var title = agent.binary().title();
        if (agent.speaksTo(provider)) return Result.ok("%s, which %s supports".formatted(provider.type(), title));
        var why = agent.types().contains(provider.type())
                ? "\"%s\" passes your own credentials through, but %s has none".formatted(provider.name(), title)
                : "\"%s\" has the type %s, but %s requires %s"
                        .formatted(
                                provider.name(),
                                provider.type(),
                                title,
                                agent.types().stream()
                                        .map(ProviderType::label)
                                        .sorted()
                                        .collect(Collectors.joining(" or ")));
        return Result.failed(why, step(read, provider));
    }

    /// Another provider for the agent, else another agent for the provider.
    private static String step(ProviderSelection.Read read, Provider provider) {
        var launch = read.launch();
        return launch.agent().usable(read.others()).stream()
                .findFirst()
                .map(name -> launch.runCommand(name, Optional.empty()))
                .or(() -> DoctorAgent.all().stream()
                        .filter(other -> other.speaksTo(provider))
                        .findFirst()
                        .map(other -> launch.runCommand(other, provider.name(), Optional.empty())))
                .orElseGet(() -> launch.gatewayCommand("llm list"));
    }
}
