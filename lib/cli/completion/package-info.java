/// `rpkai completion`: the shells' scripts and the names that they offer.
package lib.cli.completion;
