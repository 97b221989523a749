/// `get`, `create`, `update`, `delete`, `apply` and `diff` for every kind of resource.
package lib.cli.manage;
