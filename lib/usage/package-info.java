/// A call of a model, and who made it.
package lib.usage;
