/// `rpkai mcp`: the flags and lists that only MCP servers have, and calls of their tools.
package lib.cli.mcp;
