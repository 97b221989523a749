/// What commands share: the context, global flags, output.
package lib.cli.base;
