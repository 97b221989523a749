/// The homes that a launch gives an agent, for the session or for longer.
package lib.agents.home;
