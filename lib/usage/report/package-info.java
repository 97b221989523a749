/// Questions about usage, and their answers.
package lib.usage.report;
