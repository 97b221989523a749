/// Answers questions about usage: queries, totals, and reports in JSON.
package lib.usage.report;
