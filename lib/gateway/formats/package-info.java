/// The API format of each provider type, and of MCP: paths, model names, the shape of errors.
package lib.gateway.formats;
