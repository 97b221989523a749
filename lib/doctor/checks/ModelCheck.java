package lib.doctor.checks;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import lib.api.Provider;
import lib.base.ErrorCode;
import lib.base.UserError;
import lib.doctor.CheckResult.Result;
import lib.doctor.DoctorCheck;
import lib.doctor.DoctorContext;
import lib.doctor.ProviderSelection;

/// Whether the provider allows the model that the session would start with.
final class ModelCheck implements DoctorCheck {
    static final String NAME = "model";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Result run(DoctorContext context) {
        var selection = context.provider();
        if (!(selection instanceof ProviderSelection.Read read)) return ProviderCheck.notRead(selection);
        if (!read.fits()) return Result.skipped("the provider is not suitable");
        var agent = read.launch().agent();
        var model = context.model(read.provider());
        if (model.name().isPresent())
            return isAllowed(
                    model.name().get(), "%s (%s)".formatted(model.name().get(), model.source()), read);
        return modelRequired(read, context)
                .map(why ->
                        Result.failed(why.getMessage(), read.launch().runCommand(read.name(), Optional.of("MODEL"))))
                .orElseGet(() -> Result.skipped("choose one with -m; %s has its own default"
                        .formatted(agent.binary().title())));
    }

    private static Result isAllowed(String model, String found, ProviderSelection.Read read) {
        if (read.provider().isEmpty()) return Result.skipped(found + "; the provider is not readable");
        var provider = read.provider().get();
        if (provider.allows(model))
            return Result.ok(found + (provider.models().isEmpty() ? "; all models are allowed" : " is allowed"));
        return Result.failed(
                "\"%2$s\" does not allow %1$s".formatted(found, provider.name()),
                read.launch().runCommand(provider.name(), Optional.of(nearest(provider, model))));
    }

    /// The error of a launch without a model; empty where the agent has a default.
    private static Optional<UserError> modelRequired(ProviderSelection.Read read, DoctorContext context) {
        if (read.launch().agent().hasDefaultModel()) return Optional.empty();
        try {
            context.plan(read.launch(), URI.create("http://127.0.0.1"), read.provider());
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e).filter(why -> why.is(ErrorCode.MODEL_REQUIRED));
        }
    }

    /// The allowed model whose beginning is most like the other's.
    private static String nearest(Provider provider, String model) {
        List<String> allowed = provider.models();
        return allowed.stream()
                .max(Comparator.comparingInt(name -> commonPrefix(name, model)))
                .orElseThrow();
    }

    private static int commonPrefix(String one, String other) {
        int length = 0;
        while (length < Math.min(one.length(), other.length()) && one.charAt(length) == other.charAt(length)) length++;
        return length;
    }
}
