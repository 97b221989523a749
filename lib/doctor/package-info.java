/// Runs the doctor's checks in order, with time limits.
package lib.doctor;
