/// Connections: HTTP/1.1, HTTP/2, TLS, clients that leave.
package lib.gateway.server;
