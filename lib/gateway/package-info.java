/// Starts the gateway, and routes each request to the package that answers it.
package lib.gateway;
