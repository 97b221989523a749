/// What all commands share: the context, the global flags, the output formats.
package lib.cli.base;
