/// The catalogue of models, which the management API and `rpkai model` show.
package lib.models;
