/// Budgets: periods, reservations, decisions.
package lib.usage.budget;
