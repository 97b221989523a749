/// Codex: its flags, arguments and configuration.
package lib.agents.codex;
