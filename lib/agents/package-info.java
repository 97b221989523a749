/// Defines what an agent, a launch request and a launch plan are, and carries a plan out.
package lib.agents;
