/// The client of the management API, and the kinds and types of resources, which the gateway uses too.
package lib.api;
