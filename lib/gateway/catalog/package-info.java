/// The providers and MCP servers that a gateway has: stored ones, and those of this machine's keys.
package lib.gateway.catalog;
