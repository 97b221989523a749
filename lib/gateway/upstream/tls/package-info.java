/// What the gateway adds to the JDK's TLS towards upstreams.
package lib.gateway.upstream.tls;
