/// How an agent gets its gateway token: a helper command, a session's token or a fixed one.
package lib.agents.credential;
