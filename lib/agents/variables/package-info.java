/// Decides which environment variables an agent inherits, and which are withheld.
package lib.agents.variables;
