/// OpenCode.
package lib.agents.opencode;
