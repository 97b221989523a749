/// Settings: flags over variables over the config file.
package lib.config;
