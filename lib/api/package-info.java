/// The client of the gateway's management API: providers, MCP servers, environments, manifests.
package lib.api;
