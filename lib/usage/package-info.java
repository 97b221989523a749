/// One call of a model: when, by whom, to which model, and what it used.
package lib.usage;
