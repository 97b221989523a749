/// Prices, and what a call costs.
package lib.usage.pricing;
