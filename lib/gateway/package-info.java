/// The gateway's server and the router of its requests.
package lib.gateway;
