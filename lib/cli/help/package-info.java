/// The help pages, for people and as JSON.
package lib.cli.help;
