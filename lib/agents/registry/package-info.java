/// The list of agents.
package lib.agents.registry;
