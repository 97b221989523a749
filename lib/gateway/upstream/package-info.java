/// Sends an admitted request with the upstream's credentials, and streams the answer back.
package lib.gateway.upstream;
