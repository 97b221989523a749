/// The demo model: answers from a script, in the API format of each provider type.
package lib.gateway.demo;
