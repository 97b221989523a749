/// `rpkai env`: lists, adds, selects and deletes the environments of the config file.
package lib.cli.env;
