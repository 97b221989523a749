/// The list of agents that `rpkai run` offers.
package lib.agents.registry;
