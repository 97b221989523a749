/// The catalogue of models.
package lib.models;
