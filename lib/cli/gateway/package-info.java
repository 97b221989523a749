/// `rpkai gateway`: serves the gateway, and keeps its users and keys.
package lib.cli.gateway;
