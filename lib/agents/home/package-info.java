/// Prepares the folder of an agent's settings and sessions: a temporary one, or one that the user chose.
package lib.agents.home;
