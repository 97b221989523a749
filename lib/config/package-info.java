/// Resolves the settings: flags override variables, and variables override the config file.
package lib.config;
