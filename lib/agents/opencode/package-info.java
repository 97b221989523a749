/// OpenCode: its arguments and settings.
package lib.agents.opencode;
