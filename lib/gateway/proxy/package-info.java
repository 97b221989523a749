/// Serves requests for a provider or an MCP server.
package lib.gateway.proxy;
