/// Which names secrets can have, and which variables of the gateway's environment a reference may name.
package lib.gateway.secret;
