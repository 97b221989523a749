/// `rpkai auth` and `rpkai cloud`.
package lib.cli.auth;
