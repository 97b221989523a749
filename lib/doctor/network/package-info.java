/// Finds the step at which a connection to the gateway fails: host name, route, proxy or TLS.
package lib.doctor.network;
