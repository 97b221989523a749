/// `get`, `create`, `update`, `delete`, `apply` and `diff`, the same for providers and MCP servers.
package lib.cli.manage;
