/// Budgets: their periods, what is spent, and whether another call may be made.
package lib.usage.budget;
