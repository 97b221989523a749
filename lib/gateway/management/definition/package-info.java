/// What a valid provider, MCP server, budget or manifest is.
package lib.gateway.management.definition;
