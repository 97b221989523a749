/// The store of usage and budgets.
package lib.usage.store;
