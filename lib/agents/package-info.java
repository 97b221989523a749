/// Plans and starts launches: what an agent is, what was asked for, the plan that comes of it.
package lib.agents;
