/// The MCP client.
package lib.mcp;
