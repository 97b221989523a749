/// Sends requests to upstreams and relays the answers: connections, signatures, keys.
package lib.gateway.upstream;
