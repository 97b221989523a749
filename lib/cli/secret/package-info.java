/// `rpkai secret`: sets and removes the gateway's secrets, and lists their names.
package lib.cli.secret;
