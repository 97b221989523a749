package lib.doctor;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import lib.doctor.CheckResult.Result;

/// Checks everything that a launch needs, in the order in which the launch needs it, and names the step that solves
/// each problem. It asks and spends what the launch itself would: one token, one look-up of the provider, one
/// request to the model.
///
///     new Doctor(Checks.IN_ORDER, launch, machine, Doctor.PATIENCE).examine(InspectedGateway.of(settings), print)
///
/// The time limits are all here and in [DoctorContext]: a gateway that hangs does not hang the doctor.
///
/// @param checks in the order of the report
/// @param launch the launch that is to work
/// @param patience the time limit of each answer; a whole check may take twice as long
public record Doctor(List<ListedCheck> checks, InspectedLaunch launch, Machine machine, Duration patience) {
    /// The usual time limit.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /// A check of the list.
    ///
    /// @param need what the check cannot do without
    public record ListedCheck(Need need, DoctorCheck check) {}

    /// Makes the checks whose needs are met. Each result is reported as soon as those before it are.
    public void examine(InspectedGateway gateway, Consumer<CheckResult> report) {
        var context = new DoctorContext(gateway, launch, machine, patience);
        context.start();
        for (var listed : checks) {
            if (!listed.need().isMet(gateway)) continue;
            var result = new CheckResult(listed.check().name(), run(listed.check(), context));
            context.add(result);
            report.accept(result);
        }
    }

    private static Result run(DoctorCheck check, DoctorContext context) {
        var limit = context.patience().multipliedBy(2);
        var late = Result.failed(context.noAnswerWithin(limit), context.launch().doctorLater(60));
        return new Measurement<>(() -> check.run(context), late, limit).get();
    }
}
