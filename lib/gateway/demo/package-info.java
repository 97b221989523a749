/// The demo model, in each provider's API.
package lib.gateway.demo;
