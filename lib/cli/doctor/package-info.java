/// `rpkai doctor`: the report of the checks.
package lib.cli.doctor;
