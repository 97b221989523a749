/// Installs, upgrades and uninstalls the command.
package lib.install;
