/// Decides whether a provider, MCP server, budget or manifest is valid.
package lib.gateway.management.definition;
