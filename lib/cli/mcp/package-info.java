/// `rpkai mcp`: what is particular to MCP servers, and their tools.
package lib.cli.mcp;
