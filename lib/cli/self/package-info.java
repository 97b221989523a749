/// Commands about rpkai itself: install, upgrade, uninstall, alias, new, version.
package lib.cli.self;
