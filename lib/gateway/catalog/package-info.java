/// Finds the provider or MCP server of a request: a stored one, or one made from this machine's keys.
package lib.gateway.catalog;
