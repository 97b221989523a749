/// The doctor's checks, a file each.
package lib.doctor.checks;
