/// `rpkai connect`: snippets to paste into other clients.
package lib.cli.connect;
