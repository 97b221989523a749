package lib.doctor.checks;

import java.util.List;
import java.util.Optional;
import lib.api.Lookup;
import lib.auth.SignedOut;
import lib.base.ErrorCode;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.InspectedLaunch;
import lib.doctor.ProviderSelection;

/// Whether the provider can be read and is enabled.
final class ProviderCheck implements DoctorCheck {
    static final String NAME = "provider";

    /// Whether a request to the provider makes sense: it was looked up, and nothing is wrong with it, its type and
    /// its model.
    static boolean isUsable(DoctorContext context) {
        return context.provider() instanceof ProviderSelection.Read
                && !context.hasFailed(List.of(NAME, ProviderTypeCheck.NAME, ModelCheck.NAME));
    }

    /// Why nothing more can be said of a provider that was not looked up.
    static Result notRead(ProviderSelection selection) {
        return Result.skipped(
                switch (selection) {
                    case ProviderSelection.NotAsked _ -> "the gateway was not contacted";
                    case ProviderSelection.NoAnswer _ -> "no answer";
                    case ProviderSelection.Unnamed _ -> "no provider is selected";
                    case ProviderSelection.Failed _ -> "the provider was not found";
                    case ProviderSelection.Read _ -> "the provider is not readable";
                });
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Result run(DoctorContext context) {
        var launch = context.launch();
        return switch (context.provider()) {
            case ProviderSelection.NotAsked notAsked -> notRead(notAsked);
            case ProviderSelection.NoAnswer _ ->
                Result.failed(context.noAnswerWithin(context.patience()), launch.doctorLater(60));
            case ProviderSelection.Unnamed unnamed -> unnamed(unnamed, launch);
            case ProviderSelection.Failed failed -> failed(failed, launch);
            case ProviderSelection.Read read -> read(read);
        };
    }

    private static Result unnamed(ProviderSelection.Unnamed unnamed, InspectedLaunch launch) {
        var usable = launch.agent().usable(unnamed.all());
        return Result.skipped(
                usable.isEmpty()
                        ? "choose one with -L (%s)".formatted(launch.gatewayCommand("llm list"))
                        : "choose one with -L: " + String.join(", ", usable));
    }

    private static Result failed(ProviderSelection.Failed failed, InspectedLaunch launch) {
        var why = failed.why();
        if (why instanceof SignedOut signedOut)
            return Result.failed(signedOut.why(), launch.localCommand("auth login"));
        return Result.failed(
                why.getMessage(),
                why.is(ErrorCode.NOT_FOUND)
                        ? launch.agent().usable(failed.all()).stream()
                                .findFirst()
                                .map(name -> launch.runCommand(name, Optional.empty()))
                                .orElseGet(() -> launch.gatewayCommand("llm list"))
                        : launch.nextStep(why.remedy()));
    }

    private static Result read(ProviderSelection.Read read) {
        var name = read.name();
        return switch (read.lookup()) {
            case Lookup.Found(var provider)
            when !provider.enabled() ->
                Result.failed(
                        "\"%s\" is disabled".formatted(name),
                        read.launch().gatewayCommand("llm update %s --enabled".formatted(name)));
            case Lookup.Found _ -> Result.ok("\"%s\" is readable and enabled".formatted(name));
            case Lookup.Unreadable _ ->
                Result.warning(
                        "you may not read \"%s\"; a launch tries it anyway".formatted(name),
                        "ask the gateway's administrator for dataplane_adp_llmprovider_get");
        };
    }
}
