/// `rpkai model`: shows the catalogue of models.
package lib.cli.model;
