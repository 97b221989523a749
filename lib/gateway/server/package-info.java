/// Client connections: HTTP/1.1, HTTP/2, TLS, limits, clients that disconnect.
package lib.gateway.server;
