/// The client of MCP servers, for `rpkai mcp tools`.
package lib.mcp;
