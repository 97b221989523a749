/// The doctor's checks, one class each.
package lib.doctor.checks;
