/// Decides whether a request may pass to its provider or MCP server, and passes it on.
package lib.gateway.proxy;
