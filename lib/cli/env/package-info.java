/// `rpkai env`: environments of the config file.
package lib.cli.env;
