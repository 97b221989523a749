package lib.doctor;

import lib.doctor.CheckResult.Result;

/// One line of the doctor's report. The [Doctor] runs the checks in the order of their list and limits their time.
///
///     final class NpmCheck implements DoctorCheck { … }
public interface DoctorCheck {
    /// What is checked, in a word; the same in every run.
    String name();

    /// Checks it. What several checks look at is measured once: see [DoctorContext].
    Result run(DoctorContext context);
}
