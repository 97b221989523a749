/// `rpkai model`.
package lib.cli.model;
