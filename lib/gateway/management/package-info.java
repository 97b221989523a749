/// Serves the management API, and the reports and budgets of usage.
package lib.gateway.management;
