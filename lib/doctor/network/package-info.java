/// Where a connection to the gateway fails: name, route, proxy, TLS.
package lib.doctor.network;
