/// `rpkai secret`.
package lib.cli.secret;
